package clicklake.schemas.table;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.TimeSpans.Span;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TimeSpansTest {
  private static final long NOON = 1_709_208_000_000_000L;

  private static DataFile file(String stats) {
    return new DataFile("x.parquet", 1, 1, "2024-02-29", stats);
  }

  @Property(tries = 500)
  void spansOverlapIfTheyShareAMicrosecond(
      @ForAll List<@IntRange(max = 60) Integer> starts,
      @ForAll List<@IntRange(max = 8) Integer> lengths,
      @ForAll @IntRange(max = 60) int from,
      @ForAll @IntRange(max = 8) int length) {
    TimeSpans spans = new TimeSpans();
    boolean[] times = new boolean[80];
    for (int i = 0; i < Math.min(starts.size(), lengths.size()); i++) {
      spans.add(new Span(starts.get(i), starts.get(i) + lengths.get(i)));
      for (int time = starts.get(i); time <= starts.get(i) + lengths.get(i); time++) {
        times[time] = true;
      }
    }
    boolean shared = false;
    for (int time = from; time <= from + length; time++) {
      shared |= times[time];
    }

    assertThat(spans.overlap(new Span(from, from + length))).isEqualTo(shared);
  }

  @Test
  void boundsOfEventsAreWholeMillisecondsThatMayBeCutDown() {
    assertThat(
            TimeSpans.ofEvents(
                file(
                    "{\"minValues\":{\"event_time\":\"2024-02-29T12:00:00.000Z\"},"
                        + "\"maxValues\":{\"event_time\":\"2024-02-29T12:00:00.001Z\"}}")))
        .isEqualTo(new Span(NOON, NOON + 1_999));
  }

  @Test
  void aWindowsEndIsNotInIt() {
    assertThat(
            TimeSpans.ofRows(
                file(
                    "{\"minValues\":{\"window_start\":\"2024-02-29T12:00:00.000Z\"},"
                        + "\"maxValues\":{\"window_end\":\"2024-02-29T12:01:00.000Z\"}}"),
                "window_start",
                "window_end",
                false))
        .isEqualTo(new Span(NOON, NOON + 59_999_999));
  }

  @Test
  void withoutStatisticsAFileMayHoldAnyTime() {
    assertThat(TimeSpans.ofEvents(file(""))).isEqualTo(Span.ALWAYS);
    assertThat(TimeSpans.ofEvents(file("{}"))).isEqualTo(Span.ALWAYS);
    assertThat(
            TimeSpans.ofEvents(
                file(
                    "{\"minValues\":{\"event_time\":\"yesterday\"},"
                        + "\"maxValues\":{\"event_time\":\"2024-02-29T12:00:00.001Z\"}}")))
        .isEqualTo(new Span(Span.ALWAYS.from(), NOON + 1_999));
  }

  @Test
  void anEventAtTheEndOfTheYear9999LiesNowhereElse() {
    assertThat(
            TimeSpans.ofEvents(
                file(
                    "{\"minValues\":{\"event_time\":\"2024-02-29T12:00:00.000Z\"},\"maxValues\":{}}")))
        .isEqualTo(new Span(NOON, Span.ALWAYS.to()));
  }
}
