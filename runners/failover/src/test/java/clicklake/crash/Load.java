package clicklake.crash;

import clicklake.io.testing.KafkaBroker;
import clicklake.produce.KafkaEventProducer;
import clicklake.produce.ProducePlan;
import clicklake.produce.ProduceProgress;
import clicklake.produce.ProducedCounts;
import clicklake.produce.RateLimiter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What goes into a topic, and what must come of it: shoppers' events with duplicates in other
 * partitions, broken ones, late ones, and aborted transactions between them.
 */
final class Load {
  static final int PARTITIONS = 4;
  private static final int ABORTED = 40;

  private final KafkaBroker broker;
  private final String topic;
  private volatile int partitions = PARTITIONS;
  private long events;
  private long duplicates;
  private long rejects;

  Load(KafkaBroker broker, String topic) {
    this.broker = broker;
    this.topic = topic;
  }

  /** A topic of its own with nothing in it. */
  static Load inNewTopic(KafkaBroker broker, String prefix) {
    return new Load(broker, broker.newTopic(prefix, PARTITIONS));
  }

  String topic() {
    return topic;
  }

  /** Sends events nobody saw before, then an aborted transaction. */
  void send(long seed, int records, RateLimiter pace) {
    ProducedCounts counts = produce(seed, records, pace);
    events += counts.events();
    duplicates += counts.duplicates();
    rejects += counts.rejected();
    abort();
  }

  /** Sends the same as {@link #send} once did: every event is a duplicate now. */
  void sendAgain(long seed, int records, RateLimiter pace) {
    ProducedCounts counts = produce(seed, records, pace);
    duplicates += counts.events() + counts.duplicates();
    rejects += counts.rejected();
    abort();
  }

  private ProducedCounts produce(long seed, int records, RateLimiter pace) {
    ProducePlan plan =
        ProducePlan.of(seed, records)
            .withForm(ProducePlan.Form.VALUES)
            .withShares(0.05, 0.05, 0.05, 0.05);
    try {
      return new KafkaEventProducer(broker.bootstrapServers(), topic, PARTITIONS, Map.of())
          .produce(plan, pace, ProduceProgress.SILENT);
    } catch (IOException e) {
      throw new IllegalStateException("could not send events", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while sending events", e);
    }
  }

  private void abort() {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < ABORTED; i++) {
      records.add(
          new ProducerRecord<>(
              topic, i % PARTITIONS, null, "never committed".getBytes(StandardCharsets.UTF_8)));
    }
    broker.produceAborted(records);
  }

  /** Sends without end, a part of it twice, until told. */
  Running start(long seed, int recordsPerSecond) {
    return new Running(seed, recordsPerSecond);
  }

  /** A load under way. */
  final class Running {
    private volatile boolean stopping;
    private final CompletableFuture<Void> done;

    private Running(long seed, int recordsPerSecond) {
      done =
          CompletableFuture.runAsync(
              () -> run(seed, recordsPerSecond),
              task -> {
                Thread thread = new Thread(task, "load");
                thread.setDaemon(true);
                thread.start();
              });
    }

    private void run(long seed, int recordsPerSecond) {
      int part = 2 * recordsPerSecond;
      for (int i = 0; !stopping; i++) {
        if (i % 6 == 5) {
          sendAgain(seed + i - 4, part, RateLimiter.of(recordsPerSecond));
        } else {
          send(seed + i, part, RateLimiter.of(recordsPerSecond));
        }
      }
    }

    /** Ends the load and returns when all of it is in the topic. */
    void stop() {
      stopping = true;
      done.join();
    }
  }

  /** What a lake must hold of all that was sent. */
  LakeContents.Balance expected() {
    return new LakeContents.Balance(events + duplicates + rejects, events, rejects, duplicates);
  }

  /** Gives the topic more partitions; what is sent from now on uses them. */
  void addPartitions(int total) {
    broker.addPartitions(topic, total);
    partitions = total;
  }

  /** Offsets of the topic that are taken, by whatever. */
  long endOffsets() {
    long ends = 0;
    for (int partition = 0; partition < partitions; partition++) {
      ends += broker.endOffset(topic, partition);
    }
    return ends;
  }
}
