package clicklake.gold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import clicklake.protocol.SilverTable;
import clicklake.transforms.gold.daily.DailyActiveUsers;
import clicklake.transforms.gold.minute.ActiveUsersPerMinute;
import clicklake.transforms.gold.minute.EventsPerMinute;
import clicklake.transforms.gold.minute.LiveActiveUsersPerMinute;
import clicklake.transforms.gold.minute.LiveEventsPerMinute;
import clicklake.transforms.gold.minute.LiveLoginsPerSource;
import clicklake.transforms.gold.plan.Aggregations;
import clicklake.transforms.gold.session.Sessions;
import clicklake.transforms.gold.table.GoldTable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gold at its edges, through files and commits. */
class GoldBoundariesTest {
  private static final Duration LATENESS = Duration.ofMinutes(2);
  private static final List<GoldTable> TABLES = Aggregations.ALL;

  @TempDir private Path lake;
  private SilverTable silver;
  private Refresher refresher;
  private int number;

  @BeforeEach
  void open() {
    silver = new SilverTable(lake);
    refresher = new Refresher(lake, TABLES, LATENESS, 1);
  }

  private static long micros(String time) {
    Instant instant = Instant.parse(time);
    return Math.multiplyExact(instant.getEpochSecond(), 1_000_000L) + instant.getNano() / 1000;
  }

  /** An event that arrives in time. */
  private GoldModel.Event event(String time, String user, String action) {
    return event(time, user, action, time);
  }

  private GoldModel.Event event(String time, String user, String action, String arrival) {
    return new GoldModel.Event(
        new UUID(0x4000, ++number).toString(),
        micros(time),
        user,
        action,
        "/" + number,
        "web",
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        micros(arrival),
        micros("2024-03-02T00:00:00Z"));
  }

  /** Refreshes after each batch of events; returns the values of some columns, row by row. */
  @SafeVarargs
  private List<String> refreshed(
      GoldTable table, String columns, List<GoldModel.Event>... batches) {
    List<GoldModel.Event> all = new ArrayList<>();
    for (List<GoldModel.Event> batch : batches) {
      silver.add(batch);
      all.addAll(batch);
      refresher.refresh();
    }
    List<String> rows = silver.rows(table);
    assertThat(rows)
        .containsExactlyInAnyOrderElementsOf(
            GoldModel.tables(all, LATENESS).getOrDefault(table.path(), List.of()));
    List<String> wanted = List.of(columns.split(" ", -1));
    return rows.stream()
        .map(
            row -> {
              Map<String, String> values = new TreeMap<>();
              Arrays.stream(row.split("\\|", -1))
                  .map(value -> value.split("=", 2))
                  .forEach(value -> values.put(value[0], value[1]));
              return String.join(
                  " ", wanted.stream().map(column -> String.valueOf(values.get(column))).toList());
            })
        .sorted()
        .toList();
  }

  @SafeVarargs
  private List<String> sessions(List<GoldModel.Event>... batches) {
    return refreshed(Sessions.TABLE, "session_date event_count entry_page exit_page", batches);
  }

  @Test
  void aPauseOfThirtyMinutesStaysInTheSessionAndAMicrosecondMoreDoesNot() {
    assertThat(
            sessions(
                List.of(
                    event("2024-02-29T10:00:00Z", "ann", "view"),
                    event("2024-02-29T10:30:00Z", "ann", "view"),
                    event("2024-02-29T11:00:00.000001Z", "ann", "view"))))
        .containsExactly("2024-02-29 1 /3 /3", "2024-02-29 2 /1 /2");
  }

  @Test
  void aLateEventJoinsSessionsAcrossMidnightOfALeapDay() {
    List<GoldModel.Event> before = List.of(event("2024-02-29T23:45:00Z", "ann", "view"));
    List<GoldModel.Event> after = List.of(event("2024-03-01T00:30:00Z", "ann", "view"));
    List<GoldModel.Event> late = List.of(event("2024-03-01T00:00:00Z", "ann", "view"));

    assertThat(sessions(after, before, late)).containsExactly("2024-02-29 3 /1 /2");
  }

  @Test
  void anEarlierEventMovesTheStartOfASessionToTheDayBefore() {
    List<GoldModel.Event> first = List.of(event("2024-03-01T00:10:00Z", "ann", "view"));
    List<GoldModel.Event> earlier = List.of(event("2024-02-29T23:50:00Z", "ann", "view"));

    assertThat(sessions(first, earlier)).containsExactly("2024-02-29 2 /2 /1");
  }

  @Test
  void ofTwoEventsInTheSameMicrosecondTheIdsDecideWhichIsFirst() {
    List<GoldModel.Event> higher = List.of(event("2024-02-29T10:00:00Z", "ann", "view"));
    number = -1;
    List<GoldModel.Event> lower = List.of(event("2024-02-29T10:00:00Z", "ann", "view"));

    assertThat(sessions(higher, lower)).containsExactly("2024-02-29 2 /0 /1");
  }

  @Test
  void fiveThousandEventsOfOneUserAreOneSession() {
    List<List<GoldModel.Event>> batches = new ArrayList<>();
    for (int batch = 0; batch < 2; batch++) {
      List<GoldModel.Event> events = new ArrayList<>();
      for (int i = batch; i < 5_000; i += 2) {
        String time = Instant.parse("2024-02-29T00:00:00Z").plusSeconds(10L * i).toString();
        events.add(event(time, "bot", "click"));
      }
      batches.add(events);
    }

    assertThat(sessions(batches.get(0), batches.get(1)))
        .containsExactly("2024-02-29 5000 /1 /5000");
  }

  @Test
  void anEventOnTheEdgeOfAMinuteIsOfTheMinuteThatBegins() {
    assertThat(
            refreshed(
                EventsPerMinute.TABLE,
                "window_start event_count",
                List.of(
                    event("2024-02-29T23:59:59.999999Z", "ann", "view"),
                    event("2024-03-01T00:00:00Z", "ann", "view"))))
        .containsExactly(
            micros("2024-02-29T23:59:00Z") + " 1", micros("2024-03-01T00:00:00Z") + " 1");
  }

  @Test
  void theLastMomentToArriveIsTheMinutesEndAndTheAllowedLateness() {
    assertThat(
            refreshed(
                LiveEventsPerMinute.TABLE,
                "event_count too_late",
                List.of(event("2024-02-29T10:00:30Z", "a", "view", "2024-02-29T10:03:00Z")),
                List.of(event("2024-02-29T10:00:30Z", "b", "view", "2024-02-29T10:03:00.000001Z"))))
        .containsExactly("1 1");
  }

  @Test
  void aMinuteOfWhichAllEventsAreTooLateHasARowThatSaysSo() {
    List<GoldModel.Event> late =
        List.of(event("2024-02-29T10:00:30Z", "a", "login", "2024-02-29T11:00:00Z"));

    assertThat(refreshed(LiveLoginsPerSource.TABLE, "source logins too_late", late))
        .containsExactly("web 0 1");
    assertThat(silver.rows(LiveActiveUsersPerMinute.TABLE).get(0))
        .contains("active_users=0|too_late=1");
  }

  /** The sum of a minute's live figure and of what came too late is the exact figure. */
  @Test
  void liveAndExactCountsDifferByWhatCameTooLate() {
    List<List<GoldModel.Event>> batches = new ArrayList<>();
    for (int batch = 0; batch < 3; batch++) {
      List<GoldModel.Event> events = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        Instant time = Instant.parse("2024-02-29T10:00:00Z").plusSeconds(7L * i + batch);
        Instant arrival = time.plusSeconds(i % 5 == 0 ? 600 : 1);
        events.add(
            event(
                time.toString(),
                "u" + i % 9,
                i % 3 == 0 ? "purchase" : "view",
                arrival.toString()));
      }
      batches.add(events);
    }
    List<String> live =
        refreshed(
            LiveEventsPerMinute.TABLE,
            "window_start action event_count too_late",
            batches.get(0),
            batches.get(1),
            batches.get(2));
    Map<String, Long> sums = new TreeMap<>();
    long tooLate = 0;
    for (String row : live) {
      String[] values = row.split(" ", -1);
      sums.put(values[0] + " " + values[1], Long.parseLong(values[2]) + Long.parseLong(values[3]));
      tooLate += Long.parseLong(values[3]);
    }
    Map<String, Long> exact = new TreeMap<>();
    for (String row : silver.rows(EventsPerMinute.TABLE)) {
      String[] values = row.split("[=|]", -1);
      exact.put(values[1] + " " + values[5], Long.parseLong(values[7]));
    }

    assertThat(sums).isEqualTo(exact);
    assertThat(tooLate).isEqualTo(3 * 40);
  }

  @Test
  void aHundredThousandUsersInOneMinuteAreCountedWithinTwoPercent() {
    List<GoldModel.Event> events = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      events.add(event("2024-02-29T10:00:30Z", "user-" + i, "view"));
    }
    silver.add(events.subList(0, 60_000));
    refresher.refresh();
    silver.add(events.subList(60_000, 100_000));
    refresher.refresh();

    for (GoldTable table : List.of(ActiveUsersPerMinute.TABLE, LiveActiveUsersPerMinute.TABLE)) {
      String row = silver.rows(table).get(0);
      long users = Long.parseLong(row.replaceAll(".*active_users=(\\d+).*", "$1"));
      assertThat(users).isCloseTo(100_000, within(2_000L));
    }
    assertThat(silver.rows(DailyActiveUsers.TABLE))
        .containsExactly("event_date=2024-02-29|dau=100000");
  }
}
