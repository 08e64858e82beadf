package clicklake.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class GatedRateLimiterTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void recordsWaitAtTheMarkUntilItIsMoved() throws InterruptedException {
    GatedRateLimiter pace = new GatedRateLimiter(1e6, 100);
    AtomicBoolean out = new AtomicBoolean();
    Thread producer = new Thread(() -> produce(pace, 101, out));
    pace.await(100);

    producer.start();
    Awaitility.await().atMost(PATIENCE).until(() -> producer.getState() == Thread.State.WAITING);
    assertThat(out).isFalse();
    pace.moveTo(200);
    producer.join(PATIENCE.toMillis());

    assertThat(out).isTrue();
  }

  @Test
  void behindTheOldMarkTheRateCounts() throws InterruptedException {
    GatedRateLimiter pace = new GatedRateLimiter(1000, 100);
    pace.await(100);
    pace.moveTo(200);

    long start = System.nanoTime();
    pace.await(150);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(40));
  }

  @Test
  void afterItsReleaseNothingWaits() throws InterruptedException {
    GatedRateLimiter pace = new GatedRateLimiter(0.001, 100);
    pace.moveTo(200);

    pace.release();
    pace.await(1_000_000);
  }

  private static void produce(GatedRateLimiter pace, long records, AtomicBoolean out) {
    try {
      pace.await(records);
      out.set(true);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
