package clicklake.io.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Kafka's own producer without a broker; the test says what is refused, and sees each flush. */
final class RefusingProducer extends MockProducer<byte[], byte[]> {
  private final Function<List<ProducerRecord<byte[], byte[]>>, @Nullable Exception> broker;
  private final List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();
  private final List<Integer> flushes = new ArrayList<>();
  private int unflushed;

  /**
   * @param broker why the last of all records that were sent is refused; null if it is taken
   */
  RefusingProducer(Function<List<ProducerRecord<byte[], byte[]>>, @Nullable Exception> broker) {
    super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    this.broker = broker;
  }

  @Override
  public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> post) {
    sent.add(post);
    unflushed++;
    Exception refusal = broker.apply(sent);
    return refusal == null ? super.send(post) : CompletableFuture.failedFuture(refusal);
  }

  @Override
  public synchronized void flush() {
    flushes.add(unflushed);
    unflushed = 0;
    super.flush();
  }

  /** How many records were sent before each flush, since the last. */
  List<Integer> flushes() {
    return flushes;
  }

  /** How many records were sent. */
  int count() {
    return sent.size();
  }
}
