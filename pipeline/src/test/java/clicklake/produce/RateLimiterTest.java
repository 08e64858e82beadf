package clicklake.produce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
  private final AtomicLong nanos = new AtomicLong(1_000);
  private final AtomicLong slept = new AtomicLong();

  private final RateLimiter hundredPerSecond =
      RateLimiter.of(
          100,
          nanos::get,
          sleep -> {
            slept.addAndGet(sleep);
            nanos.addAndGet(sleep);
          });

  @Test
  void recordsAheadOfTheirTimeWait() throws InterruptedException {
    hundredPerSecond.await(50);
    assertThat(slept).hasValue(500_000_000);
    hundredPerSecond.await(75);
    assertThat(slept).hasValue(750_000_000);
  }

  @Test
  void recordsBehindTheirTimeDoNotWait() throws InterruptedException {
    nanos.addAndGet(2_000_000_000);
    hundredPerSecond.await(199);
    assertThat(slept).hasValue(0);
    hundredPerSecond.await(201);
    assertThat(slept).hasValue(10_000_000);
  }

  @Test
  void aRateOfZeroIsNoLimit() {
    assertThat(RateLimiter.of(0)).isSameAs(RateLimiter.UNLIMITED);
  }
}
