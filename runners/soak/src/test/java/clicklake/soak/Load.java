package clicklake.soak;

import clicklake.io.testing.KafkaBroker;
import clicklake.produce.KafkaEventProducer;
import clicklake.produce.ProducePlan;
import clicklake.produce.ProduceProgress;
import clicklake.produce.ProducedCounts;
import clicklake.produce.RateLimiter;
import java.io.IOException;
import java.util.Map;

/** A topic with shoppers' events: 2 % duplicates, 1 % broken, 2 % late; four partitions. */
final class Load {
  private static final int PARTITIONS = 4;

  private final KafkaBroker broker;
  private final String topic;
  private long seed;
  private Sent sent = new Sent(0, 0, 0);

  /** What the lake must hold of all that was sent. */
  record Sent(long events, long duplicates, long rejects) {
    long records() {
      return events + duplicates + rejects;
    }
  }

  Load(KafkaBroker broker) {
    this.broker = broker;
    this.topic = broker.newTopic("soak", PARTITIONS);
  }

  String topic() {
    return topic;
  }

  Sent sent() {
    return sent;
  }

  /** Sends events nobody saw before; returns when all are in the topic. */
  void send(long records, RateLimiter pace) {
    ProducePlan plan = ProducePlan.of(++seed, records).withForm(ProducePlan.Form.VALUES);
    try {
      ProducedCounts counts =
          new KafkaEventProducer(broker.bootstrapServers(), topic, PARTITIONS, Map.of())
              .produce(plan, pace, ProduceProgress.SILENT);
      sent =
          new Sent(
              sent.events() + counts.events(),
              sent.duplicates() + counts.duplicates(),
              sent.rejects() + counts.rejected());
    } catch (IOException e) {
      throw new IllegalStateException("could not send events", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while sending events", e);
    }
  }
}
