package clicklake.schemas.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void anInterruptEndsTheWait() {
    Thread.currentThread().interrupt();

    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> Backoff.upTo(Duration.ofHours(1)));
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void noTimeIsNoWait() throws InterruptedException {
    Thread.currentThread().interrupt();

    Backoff.upTo(Duration.ZERO);

    assertThat(Thread.interrupted()).isTrue();
  }
}
