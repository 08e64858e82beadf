package clicklake.io.source;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.lake.LakeCoverage;
import clicklake.schemas.offset.SourcePartition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.joda.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where a continuous reader's watermark stands. */
class BatchReaderTest {
  private static final SourcePartition ONE = new SourcePartition("clicks", 0, "id");
  private static final SourcePartition OTHER = new SourcePartition("clicks", 1, "id");

  private final HandClock clock = new HandClock();
  private final long begin = clock.millis();
  private final ReadSettings settings =
      ReadSettings.DEFAULT.withClock(clock).withLinger(Duration.ofSeconds(1));
  private Scripted reader = new Scripted(settings);

  /** Offers what it is given, a batch a call. */
  private static final class Scripted extends BatchReader {
    private final Deque<Runnable> script = new ArrayDeque<>();
    private long next;

    @SuppressWarnings("NullAway")
    Scripted(ReadSettings settings) {
      // Nobody asks for the source.
      super(null, settings, new InFlightTracker(new FakeLake(), settings));
    }

    void gives(SourcePartition partition, long arrivalMillis) {
      long from = next++;
      script.add(
          () ->
              offer(
                  new RawBatch.Builder(partition, from).build(from + 1, RawBatch.Seen.NOTHING),
                  arrivalMillis,
                  ReaderCheckpoint.Position.at(from + 1)));
    }

    @Override
    protected void open(LakeCoverage.View view) {}

    @Override
    protected boolean read(LakeCoverage.View view) {
      Runnable step = script.poll();
      if (step != null) {
        step.run();
      }
      return step != null;
    }

    @Override
    protected void compare(LakeCoverage.View view) {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void open() throws Exception {
    reader = new Scripted(settings);
    assertThat(reader.start()).isFalse();
  }

  private void requireWatermark(long millis) {
    assertThat(reader.getWatermark()).isEqualTo(new Instant(millis));
  }

  @Test
  void theSlowestPartitionHoldsTheWatermark() throws Exception {
    reader.gives(ONE, begin - 500);
    reader.gives(OTHER, begin - 1_500);
    assertThat(reader.advance()).isTrue();
    assertThat(reader.advance()).isTrue();
    requireWatermark(begin - 1_500);
    clock.pass(Duration.ofSeconds(4));
    reader.gives(ONE, begin + 3_000);
    assertThat(reader.advance()).isTrue();
    requireWatermark(begin - 1_500);
    reader.gives(OTHER, begin + 2_000);
    assertThat(reader.advance()).isTrue();
    requireWatermark(begin + 2_000);
  }

  @Test
  void aPartitionWithoutRecordsHoldsItNoLonger() throws Exception {
    reader.gives(ONE, begin);
    reader.gives(OTHER, begin);
    assertThat(reader.advance()).isTrue();
    assertThat(reader.advance()).isTrue();
    requireWatermark(begin);
    clock.pass(Duration.ofSeconds(6));
    reader.gives(ONE, begin + 5_000);
    assertThat(reader.advance()).isTrue();
    requireWatermark(begin + 5_000);
  }

  @Test
  void withNothingToReadItFollowsTheClock() throws Exception {
    clock.pass(Duration.ofMinutes(1));
    assertThat(reader.advance()).isFalse();
    requireWatermark(begin + 58_000);
  }

  @Test
  void aRecordFromTheFutureDoesNotDriveItAheadOfTheClock() throws Exception {
    clock.pass(Duration.ofMinutes(1));
    reader.gives(ONE, begin + Duration.ofDays(365_000).toMillis());
    assertThat(reader.advance()).isTrue();
    requireWatermark(begin + 60_000);
  }

  @Test
  void aRecordOfLongAgoDoesNotKeepItBehind() throws Exception {
    clock.pass(Duration.ofHours(3));
    reader.gives(ONE, 0);
    assertThat(reader.advance()).isTrue();
    requireWatermark(begin + Duration.ofHours(2).toMillis());
  }
}
