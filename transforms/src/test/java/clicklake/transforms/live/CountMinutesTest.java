package clicklake.transforms.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.batch.EventRow;
import clicklake.schemas.contract.Action;
import clicklake.schemas.contract.TextField;
import clicklake.schemas.offset.SourcePartition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CountMinutesTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:05:30Z");
  private static final LiveSettings SETTINGS =
      new LiveSettings(
          Duration.ofMinutes(2), Duration.ofSeconds(20), Clock.fixed(NOW, ZoneOffset.UTC));

  private final CountMinutes counting = new CountMinutes(SETTINGS);
  private final EventBatch.Builder batch = new EventBatch.Builder(1000);
  private int events;

  private void event(String time, String arrival, Action action, String user, String source) {
    EventRow row = new EventRow();
    row.id(1, events);
    row.eventMicros(Instant.parse(time).toEpochMilli() * 1000);
    row.schemaVersion(2);
    row.action(action);
    set(row, TextField.USER_ID, user);
    if (!source.isEmpty()) {
      set(row, TextField.SOURCE, source);
    }
    batch.add(
        row,
        new SourcePartition("clicks", 0, "id"),
        events++,
        Instant.parse(arrival).toEpochMilli());
  }

  private static void set(EventRow row, TextField field, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    row.text(field, bytes, 0, bytes.length);
  }

  private Map<String, MinuteFigures> counted() {
    counting.begin();
    for (EventBatch.Cursor event = batch.build().cursor(); event.next(); ) {
      counting.count(event);
    }
    Map<String, MinuteFigures> minutes = new HashMap<>();
    counting.drain(
        figures ->
            minutes.put(Instant.ofEpochSecond(figures.minute() / 1_000_000).toString(), figures));
    return minutes;
  }

  @Test
  void openMinutesAreCountedByActionSourceAndUser() {
    event("2026-03-01T10:05:00Z", "2026-03-01T10:05:29Z", Action.LOGIN, "ann", "web");
    event("2026-03-01T10:05:59.999Z", "2026-03-01T10:05:29Z", Action.LOGIN, "ann", "");
    event("2026-03-01T10:04:59.999Z", "2026-03-01T10:05:29Z", Action.VIEW, "bob", "web");
    Map<String, MinuteFigures> minutes = counted();

    assertThat(minutes).containsOnlyKeys("2026-03-01T10:05:00Z", "2026-03-01T10:04:00Z");
    MinuteFigures five = minutes.get("2026-03-01T10:05:00Z");
    assertThat(five.events(Action.LOGIN)).isEqualTo(new MinuteFigures.Counts(2, 0));
    assertThat(five.logins())
        .isEqualTo(
            Map.of(
                "web", new MinuteFigures.Counts(1, 0), "unknown", new MinuteFigures.Counts(1, 0)));
    assertThat(Math.round(five.users().estimate())).isEqualTo(1);
    assertThat(counted()).as("handed out once, and counted again").hasSize(2);
  }

  @Test
  void anArrivalAtTheEdgeIsInTimeAndOneBehindItIsLate() {
    event("2026-03-01T10:03:30Z", "2026-03-01T10:06:00Z", Action.VIEW, "ann", "");
    event("2026-03-01T10:03:30Z", "2026-03-01T10:06:00.001Z", Action.VIEW, "ann", "");
    assertThat(counted().get("2026-03-01T10:03:00Z").events(Action.VIEW))
        .isEqualTo(new MinuteFigures.Counts(2, 1));
  }

  /** A minute closes 20 s after its lateness: 10:02 at 10:05:20. */
  @Test
  void closedMinutesAndThoseFarInTheFutureAreLeftOut() {
    event("2026-03-01T10:02:59Z", "2026-03-01T10:05:29Z", Action.VIEW, "ann", "");
    event("2026-03-01T10:15:30Z", "1980-01-01T00:00:00Z", Action.VIEW, "ann", "");
    event("2026-03-01T10:16:00Z", "1980-01-01T00:00:00Z", Action.VIEW, "ann", "");
    event("9999-12-31T23:59:59Z", "1980-01-01T00:00:00Z", Action.VIEW, "ann", "");
    assertThat(counted()).containsOnlyKeys("2026-03-01T10:15:00Z");
  }
}
