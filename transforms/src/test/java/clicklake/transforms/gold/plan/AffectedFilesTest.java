package clicklake.transforms.gold.plan;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.TimeSpans;
import clicklake.transforms.gold.daily.EventsPerSource;
import clicklake.transforms.gold.daily.PageDays;
import clicklake.transforms.gold.minute.EventsPerMinute;
import clicklake.transforms.gold.plan.SilverChanges.AddedFile;
import clicklake.transforms.gold.session.Sessions;
import clicklake.transforms.gold.star.FactEvents;
import clicklake.transforms.gold.table.GoldTable;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AffectedFilesTest {
  private static final LocalDate DATE = LocalDate.parse("2024-03-01");
  private static final LocalDate OTHER = LocalDate.parse("2024-03-02");

  /** New events from 12:00 to 12:05. */
  private static final SilverChanges NEW_EVENTS =
      new SilverChanges(
          List.of(new AddedFile(rows("new", DATE, 100), span("12:00:00", "12:05:00"))), Set.of());

  private static final SilverChanges RECOMPUTED = new SilverChanges(List.of(), Set.of(DATE));

  private static TimeSpans.Span span(String from, String to) {
    return new TimeSpans.Span(micros(from), micros(to));
  }

  private static long micros(String time) {
    return Instant.parse("2024-03-01T" + time + "Z").getEpochSecond() * 1_000_000;
  }

  private static DataFile rows(String name, LocalDate date, long rows) {
    return new DataFile("event_date=" + date + "/" + name, 1, rows, date.toString(), "");
  }

  /** A file with these times in the columns that say when a row begins and ends. */
  private static DataFile between(GoldTable table, String from, String to) {
    String statistics =
        String.format(
            "{\"numRecords\":1,\"minValues\":{\"%s\":\"2024-03-01T%sZ\"},"
                + "\"maxValues\":{\"%s\":\"2024-03-01T%sZ\"}}",
            table.start(), from, table.end(), to);
    return new DataFile("event_date=2024-03-01/" + from, 1, 1, "2024-03-01", statistics);
  }

  private static List<String> affected(GoldTable table, SilverChanges changes, DataFile... files) {
    return Stream.of(files)
        .filter(AffectedFiles.of(table, changes))
        .map(file -> file.path().substring(file.path().indexOf('/') + 1))
        .toList();
  }

  @Test
  void ofMinutesTheFilesAreAffectedThatHoldTheTimesOfNewEvents() {
    GoldTable minutes = EventsPerMinute.TABLE;

    assertThat(
            affected(
                minutes,
                NEW_EVENTS,
                between(minutes, "11:00:00.000", "12:00:00.000"),
                between(minutes, "12:00:00.000", "13:00:00.000"),
                between(minutes, "12:06:00.000", "13:00:00.000")))
        .containsExactly("12:00:00.000");
  }

  @Test
  void ofSessionsTheFilesAreAffectedThatNewEventsCanReach() {
    GoldTable sessions = Sessions.TABLE;

    assertThat(
            affected(
                sessions,
                NEW_EVENTS,
                between(sessions, "10:00:00.000", "11:29:00.000"),
                between(sessions, "11:00:00.000", "11:30:00.000"),
                between(sessions, "12:35:00.000", "13:00:00.000"),
                between(sessions, "12:36:00.000", "13:00:00.000")))
        .containsExactly("11:00:00.000", "12:35:00.000");
  }

  @Test
  void aFileWithoutStatisticsMayHoldAnyTime() {
    assertThat(affected(EventsPerMinute.TABLE, NEW_EVENTS, rows("unknown", DATE, 1)))
        .containsExactly("unknown");
  }

  @Test
  void ofDaysTheFilesOfChangedDatesAreAffected() {
    assertThat(affected(PageDays.TABLE, NEW_EVENTS, rows("same", DATE, 1), rows("other", OTHER, 1)))
        .containsExactly("same");
  }

  @Test
  void ofFactsOnlyRecomputedDatesAreAffected() {
    DataFile same = rows("same", DATE, 1);
    DataFile other = rows("other", OTHER, 1);

    assertThat(affected(FactEvents.TABLE, NEW_EVENTS, same, other)).isEmpty();
    assertThat(affected(FactEvents.TABLE, RECOMPUTED, same, other)).containsExactly("same");
  }

  @Test
  void ofATableWithoutDatesEveryFileIsAffected() {
    assertThat(affected(EventsPerSource.TABLE, NEW_EVENTS, new DataFile("/a", 1, 1, null, "")))
        .containsExactly("a");
  }

  @Test
  void smallFilesOfKeysAreRewrittenAndLargeOnesStay() {
    DataFile small = rows("small", DATE, 20);
    DataFile middle = rows("middle", DATE, 60);
    DataFile large = rows("large", DATE, 1_000);

    assertThat(AffectedFiles.untouched(List.of(large, small, middle), NEW_EVENTS))
        .containsExactly(large);
  }
}
