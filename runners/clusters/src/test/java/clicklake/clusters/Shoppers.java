package clicklake.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.testing.KafkaBroker;
import clicklake.produce.KafkaEventProducer;
import clicklake.produce.LandingProducer;
import clicklake.produce.ProducePlan;
import clicklake.produce.ProduceProgress;
import clicklake.produce.ProducedCounts;
import clicklake.produce.RateLimiter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Produces records to read: shoppers' events with duplicates, late and broken ones among them. */
final class Shoppers {
  static final int PARTITIONS = 4;
  private static final int RECORDS_PER_FILE = 2_000;

  private Shoppers() {}

  /** Writes files into a landing folder. */
  static Outcome land(Path landing, long seed, int records)
      throws IOException, InterruptedException {
    return outcome(
        LandingProducer.withFilesOf(landing, 0.2, RECORDS_PER_FILE, Clock.systemUTC())
            .produce(plan(seed, records), RateLimiter.UNLIMITED, ProduceProgress.SILENT)
            .counts());
  }

  /** Sends messages to a topic as fast as it goes. */
  static Outcome send(KafkaBroker broker, String topic, long seed, int records)
      throws IOException, InterruptedException {
    return outcome(produce(broker, topic, seed, records, RateLimiter.UNLIMITED));
  }

  /** Sends messages to a topic steadily, on another thread, until all are sent. */
  static CompletableFuture<Outcome> sendSteadily(
      KafkaBroker broker, String topic, long seed, int records, double perSecond) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return outcome(produce(broker, topic, seed, records, RateLimiter.of(perSecond)));
          } catch (IOException | InterruptedException failure) {
            throw new CompletionException(failure);
          }
        });
  }

  private static ProducedCounts produce(
      KafkaBroker broker, String topic, long seed, int records, RateLimiter pace)
      throws IOException, InterruptedException {
    ProducePlan plan = plan(seed, records).withForm(ProducePlan.Form.VALUES);
    return new KafkaEventProducer(broker.bootstrapServers(), topic, PARTITIONS, Map.of())
        .produce(plan, pace, ProduceProgress.SILENT);
  }

  private static ProducePlan plan(long seed, int records) {
    return ProducePlan.of(seed, records).withShares(0.05, 0.05, 0.05, 0.05);
  }

  /** What must become of them; a test without any of a kind would show little. */
  private static Outcome outcome(ProducedCounts counts) {
    Outcome outcome = Outcome.of(counts);
    assertThat(outcome.silver()).isPositive();
    assertThat(outcome.quarantine()).isPositive();
    assertThat(outcome.duplicates()).isPositive();
    return outcome;
  }
}
