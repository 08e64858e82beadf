package clicklake.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.source.Batches;
import clicklake.io.source.FakeLake;
import clicklake.io.source.ReadSettings;
import clicklake.io.testing.KafkaPair;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.offset.OffsetRanges;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.apache.beam.sdk.io.UnboundedSource.UnboundedReader;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Two brokers, one of which hangs just after it became the leader of a partition. */
class HangingLeaderTest {
  private static final String TOPIC = "two";
  private static final int ROUNDS = 2;
  private static final int RECORDS = 12;
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final List<RawBatch> batches = new ArrayList<>();
  private final Map<Integer, Integer> written = new TreeMap<>();

  @Test
  void aLeaderThatHangsHoldsUpItsPartitionAndCostsNoRecordOfAnother() throws Exception {
    try (KafkaPair brokers = KafkaPair.startNew();
        Producer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers.bootstrapServers(), "acks", "1"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      brokers.createTopic(TOPIC, 2);
      KafkaSettings settings =
          KafkaSettings.of(brokers.bootstrapServers(), TOPIC)
              .withCheckEvery(Duration.ofSeconds(1))
              .withAnswerWithin(Duration.ofSeconds(2));
      ReadSettings reading = ReadSettings.DEFAULT.withLinger(Duration.ofMillis(300));
      UnboundedReader<RawBatch> reader =
          new KafkaUnboundedSource(settings, reading, new FakeLake())
              .createReader(PipelineOptionsFactory.create(), null);
      write(producer, 0, 5);
      write(producer, 1, 5);
      if (reader.start()) {
        batches.add(reader.getCurrent());
      }
      readUntil(reader, () -> end(0) == 5 && end(1) == 5);

      for (int round = 0; round < ROUNDS; round++) {
        // The reader looks at partition 0 first, and asks its new leader how far its log goes.
        brokers.lead(TOPIC, 0, true);
        brokers.suspendSecond();
        for (int i = 0; i < RECORDS; i++) {
          write(producer, 1, 1);
          read(reader);
        }
        readUntil(reader, () -> end(1) == written.get(1));
        brokers.resumeSecond();
        write(producer, 0, RECORDS);
        readUntil(reader, () -> end(0) == written.get(0));
        brokers.lead(TOPIC, 0, false);
      }
      reader.close();
    }

    Map<String, OffsetRanges> runs = new TreeMap<>();
    Map<String, List<String>> records = new TreeMap<>();
    for (RawBatch batch : batches) {
      String name = batch.partition().name();
      runs.merge(name, OffsetRanges.of(batch.from(), batch.to()), OffsetRanges::union);
      records.computeIfAbsent(name, none -> new ArrayList<>()).addAll(Batches.records(batch));
    }
    int each = 5 + ROUNDS * RECORDS;
    assertThat(runs)
        .isEqualTo(Map.of("two/0", OffsetRanges.of(0, each), "two/1", OffsetRanges.of(0, each)));
    assertThat(records).isEqualTo(Map.of("two/0", expected(0, each), "two/1", expected(1, each)));
  }

  private static List<String> expected(int partition, int count) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(i + "=" + partition + "-" + i);
    }
    return all;
  }

  /** Writes records to a partition whose leader is well, and waits until that has them. */
  private void write(Producer<byte[], byte[]> producer, int partition, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      int number = written.merge(partition, 1, Integer::sum) - 1;
      byte[] value = (partition + "-" + number).getBytes(UTF_8);
      producer.send(new ProducerRecord<>(TOPIC, partition, null, value)).get();
    }
  }

  private long end(int partition) {
    return batches.stream()
        .filter(batch -> batch.partition().number() == partition)
        .mapToLong(RawBatch::to)
        .max()
        .orElse(0);
  }

  private void read(UnboundedReader<RawBatch> reader) throws IOException {
    if (reader.advance()) {
      batches.add(reader.getCurrent());
    }
  }

  private void readUntil(UnboundedReader<RawBatch> reader, BooleanSupplier there)
      throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!there.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time to read all").isLessThan(deadline);
      read(reader);
    }
  }
}
