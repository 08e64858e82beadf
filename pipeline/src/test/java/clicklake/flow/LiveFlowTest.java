package clicklake.flow;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.clickhouse.ClickHouseClient;
import clicklake.io.testing.ClickHouseServer;
import clicklake.io.testing.ClickHouseServer.Engine;
import clicklake.io.testing.KafkaBroker;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ClickHouse shows while a stream runs, and afterwards, against what was sent. */
class LiveFlowTest {
  private static final String ALL_OPEN = "--allowedLateness=1h";
  private static final String ALL_CLOSED = "--allowedLateness=0s";
  private static final String[] ACTIONS = {"view", "click", "login", "purchase", "logout"};
  private static final int SESSION_MINUTES = 30;

  @TempDir private Path folder;
  private Path landing;
  private Path lake;
  private Path config;
  private ClickHouseClient clickHouse;

  /** An event of each id that was sent. */
  private final Map<UUID, Sent> sent = new LinkedHashMap<>();

  private record Sent(UUID id, Instant time, String action, String source, String user) {
    Instant minute() {
      return time.truncatedTo(ChronoUnit.MINUTES);
    }

    String json() {
      return "{\"event_id\":\"%s\",\"schema_version\":2,\"event_time\":\"%s\",\"user_id\":\"%s\",\"action\":\"%s\",\"page\":\"/\"%s}"
          .formatted(
              id,
              time,
              user,
              action,
              source.isEmpty() ? "" : ",\"source\":\"" + source.replace("\"", "\\\"") + "\"");
    }
  }

  @BeforeEach
  void prepare() throws Exception {
    landing = Files.createDirectory(folder.resolve("landing"));
    lake = folder.resolve("lake");
    config = ClickHouseServer.writeConfig(folder.resolve("clickhouse.properties"));
    clickHouse = ClickHouseServer.shared(Engine.OLD).emptied().client();
  }

  private String[] options(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--landing=" + landing,
                "--lake=" + lake,
                "--clickhouse=" + clickHouse.settings().endpoint(),
                "--clickhouseConfig=" + config));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  /** Events of the last minutes that are not the current one, some of them twice. */
  private void send(String file, int from, int to, Instant now) throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = from; i < to; i++) {
      Sent event =
          new Sent(
              new UUID(7, i),
              now.minusSeconds(120 + i * 37L % 480),
              ACTIONS[i % ACTIONS.length],
              i % 3 == 0 ? "" : i % 3 == 1 ? "web" : "mobile \"app\" é",
              "user-" + i % 23);
      sent.put(event.id(), event);
      lines.add(event.json());
      if (i % 5 == 0) {
        lines.add(event.json());
      }
    }
    lines.add("{\"event_id\":\"no event\"}");
    Path hidden = folder.resolve(file);
    Files.write(hidden, lines);
    Files.move(hidden, landing.resolve(file));
  }

  @Test
  void minutesAreRightWhileTheyAreOpenAndWhenTheyAreClosed() throws Exception {
    Instant now = Instant.now();
    send("a.ndjson", 0, 400, now);
    Program.round(options(ALL_OPEN));
    requireWhatWasSent(0);

    // The same minutes again: what silver has of them is the base, and copies count once.
    send("b.ndjson", 350, 700, now);
    Program.round(options(ALL_OPEN));
    requireWhatWasSent(0);

    assertThat(Program.run("clickhouse", catchUp(ALL_CLOSED))).isZero();
    requireWhatWasSent(1);
  }

  @Test
  void historyIsShownAsSilverHasIt() throws Exception {
    Instant past = Instant.parse("2024-02-29T23:58:30Z");
    send("a.ndjson", 0, 300, past);
    Program.round(options("--refreshGold=1m"));
    requireWhatWasSent(1);
    assertThat(shown("sessions_now", null, "sessions").keySet())
        .as("nine minutes with events, and the half hour in which the last session ends")
        .hasSize(9 + 29)
        .contains("2024-03-01T00:25:00Z");

    assertThat(
            clickHouse
                .query(
                    "looking",
                    "SELECT toString(event_date) AS d, dau_count FROM gold.daily_active_users ORDER"
                        + " BY event_date DESC LIMIT 1")
                .toString())
        .isEqualTo("[{\"d\":\"2024-02-29\",\"dau_count\":\"23\"}]");
    assertThat(
            clickHouse
                .query(
                    "looking",
                    "SELECT reason, toString(sum(refused_count)) AS n FROM"
                        + " realtime.refused_per_minute GROUP BY reason")
                .toString())
        .isEqualTo("[{\"reason\":\"bad_uuid\",\"n\":\"1\"}]");

    // Everything once more, with another generation: the same rows.
    assertThat(Program.run("clickhouse", catchUp("--rebuild"))).isZero();
    requireWhatWasSent(1);
  }

  @Test
  void figuresGoToACompactedTopic() throws Exception {
    KafkaBroker broker = KafkaBroker.shared();
    String topic = "figures-" + UUID.randomUUID();
    send("a.ndjson", 0, 300, Instant.now());
    Program.round(
        "--landing=" + landing,
        "--lake=" + lake,
        "--bootstrapServers=" + broker.bootstrapServers(),
        "--liveTopic=" + topic,
        ALL_OPEN);

    Map<String, JsonNode> newest = new TreeMap<>();
    ObjectMapper json = new ObjectMapper();
    for (ConsumerRecord<byte[], byte[]> record : broker.readAll(topic)) {
      JsonNode row = json.readTree(record.value());
      newest.merge(
          new String(record.key(), StandardCharsets.UTF_8),
          row,
          (one, other) ->
              one.path("version").asLong() > other.path("version").asLong() ? one : other);
    }
    Map<String, Long> events = new TreeMap<>();
    newest.forEach(
        (key, row) -> {
          if (key.startsWith("events_per_minute/")) {
            events.put(
                row.path("window_start").asText() + " " + row.path("event_type").asText(),
                row.path("figure").asLong());
            assertThat(key)
                .isEqualTo(
                    "events_per_minute/"
                        + row.path("window_start").asText()
                        + "/"
                        + row.path("event_type").asText());
          }
        });
    assertThat(events)
        .isEqualTo(counted(event -> true, event -> event.minute() + " " + event.action()));
    assertThat(newest.keySet())
        .extracting(key -> key.substring(0, key.indexOf('/')))
        .contains(
            "active_users_per_minute", "logins_per_source", "purchases_per_minute", "sessions_now");
  }

  @Test
  void aTopicThatIsNotCompactedIsRefused() throws Exception {
    KafkaBroker broker = KafkaBroker.shared();
    String topic = broker.newTopic("grows", 1);
    assertThat(
            Program.run(
                "stream",
                "--landing=" + landing,
                "--lake=" + lake,
                "--bootstrapServers=" + broker.bootstrapServers(),
                "--liveTopic=" + topic,
                "--availableNow"))
        .isEqualTo(1);
  }

  private String[] catchUp(String more) {
    return new String[] {
      "--lake=" + lake,
      "--clickhouse=" + clickHouse.settings().endpoint(),
      "--clickhouseConfig=" + config,
      more
    };
  }

  private void requireWhatWasSent(int isFinal) {
    assertThat(shown("events_per_minute", "event_type", "event_count"))
        .as("events")
        .isEqualTo(counted(event -> true, event -> event.minute() + " " + event.action()));
    assertThat(shown("logins_per_source", "source", "login_count"))
        .as("logins")
        .isEqualTo(
            counted(
                event -> event.action().equals("login"),
                event ->
                    event.minute()
                        + " "
                        + (event.source().isEmpty() ? "unknown" : event.source())));
    assertThat(shown("purchases_per_minute", null, "purchase_count"))
        .as("purchases")
        .isEqualTo(
            counted(event -> event.action().equals("purchase"), event -> event.minute() + ""));
    assertThat(shown("active_users_per_minute", null, "active_users"))
        .as("users")
        .isEqualTo(users(1));
    // Minutes without events have open sessions, too.
    assertThat(shown("sessions_now", null, "sessions"))
        .as("sessions")
        .containsAllEntriesOf(users(SESSION_MINUTES));
    assertThat(
            clickHouse.query(
                "looking", "SELECT DISTINCT is_final AS f FROM realtime.events_per_minute"))
        .singleElement()
        .satisfies(row -> assertThat(row.path("f").asInt()).isEqualTo(isFinal));
  }

  private Map<String, Long> counted(Predicate<Sent> which, Function<Sent, String> key) {
    Map<String, Long> counts = new TreeMap<>();
    sent.values().stream()
        .filter(which)
        .forEach(event -> counts.merge(key.apply(event), 1L, Long::sum));
    return counts;
  }

  /** Distinct users of so many minutes up to each minute with events. */
  private Map<String, Long> users(int minutes) {
    Map<String, Long> users = new TreeMap<>();
    for (Instant minute : new TreeSet<>(sent.values().stream().map(Sent::minute).toList())) {
      Set<String> there = new TreeSet<>();
      sent.values().stream()
          .filter(
              event ->
                  !event.minute().isAfter(minute)
                      && event.minute().isAfter(minute.minus(minutes, ChronoUnit.MINUTES)))
          .forEach(event -> there.add(event.user()));
      users.put(minute.toString(), (long) there.size());
    }
    return users;
  }

  private Map<String, Long> shown(String table, String key, String figure) {
    Map<String, Long> shown = new TreeMap<>();
    for (JsonNode row :
        clickHouse.query(
            "looking",
            "SELECT toUnixTimestamp(window_start) AS s, "
                + (key == null ? "''" : key)
                + " AS k, "
                + figure
                + " AS n, toUnixTimestamp(window_end) AS e FROM realtime."
                + table)) {
      Instant minute = Instant.ofEpochSecond(row.path("s").asLong());
      assertThat(row.path("e").asLong() - row.path("s").asLong()).isEqualTo(60);
      String name = key == null ? "" : " " + row.path("k").asText();
      assertThat(shown.put(minute + name, row.path("n").asLong())).as("twice: %s", row).isNull();
    }
    return shown;
  }
}
