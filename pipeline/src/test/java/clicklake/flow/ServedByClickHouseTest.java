package clicklake.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.clickhouse.ClickHouseClient;
import clicklake.io.testing.ClickHouseServer;
import clicklake.io.testing.ClickHouseServer.Engine;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The job {@code clickhouse} and its errors, on the oldest server and the current engine. */
class ServedByClickHouseTest {
  private static final Instant NOON = Instant.parse("2024-02-29T12:00:30Z");

  @TempDir private Path folder;
  private Path landing;
  private Path lake;
  private Path config;
  private int files;

  @BeforeEach
  void prepare() throws Exception {
    landing = Files.createDirectory(folder.resolve("landing"));
    lake = folder.resolve("lake");
    config = ClickHouseServer.writeConfig(folder.resolve("clickhouse.properties"));
  }

  private static String event(int id, Instant time, String more) {
    return "{\"event_id\":\"%s\",\"schema_version\":2,\"event_time\":\"%s\",\"user_id\":\"u\",%s}"
        .formatted(new UUID(9, id), time, more);
  }

  private static String view(int id, Instant time) {
    return event(id, time, "\"action\":\"view\",\"page\":\"/\"");
  }

  private void commit(String... events) throws Exception {
    Files.write(landing.resolve("f" + files++ + ".ndjson"), List.of(events));
    Program.round("--landing=" + landing, "--lake=" + lake, "--refreshGold=1m");
  }

  private int clickHouse(ClickHouseClient client, String... more) {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--lake=" + lake,
                "--clickhouse=" + client.settings().endpoint(),
                "--clickhouseConfig=" + config));
    options.addAll(Arrays.asList(more));
    return Program.run("clickhouse", options.toArray(String[]::new));
  }

  /** What a job says that fails. */
  private String failure(ClickHouseClient client) {
    return said(() -> assertThat(clickHouse(client)).isEqualTo(1));
  }

  private static String said(Runnable job) {
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, UTF_8));
    try {
      job.run();
    } finally {
      System.setErr(before);
    }
    return said.toString(UTF_8)
        .lines()
        .filter(line -> line.startsWith("clicklake: "))
        .collect(Collectors.joining("\n"));
  }

  private static String shown(ClickHouseClient client, String query) {
    return client.query("looking", query).toString();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void theQueriesOfADashboardAreRightAsTheyAre(Engine engine) throws Exception {
    ClickHouseClient client = ClickHouseServer.shared(engine).emptied().client();
    commit(
        view(1, NOON),
        view(2, NOON.plusSeconds(1)),
        event(
            3, NOON.plusSeconds(90), "\"action\":\"purchase\",\"page\":\"/\",\"product_id\":\"p\""),
        event(
            4,
            NOON.plusSeconds(86_400),
            "\"action\":\"purchase\",\"page\":\"/\",\"product_id\":\"q\",\"price\":12.5,"
                + "\"quantity\":3,\"currency\":\"EUR\""));
    assertThat(clickHouse(client)).isZero();
    // Twice: an older row of each key may or may not be merged away.
    commit(view(5, NOON.plusSeconds(2)));
    assertThat(clickHouse(client)).isZero();

    assertThat(
            shown(
                client,
                "SELECT toUnixTimestamp(window_start) as time, event_type as metric,"
                    + " toString(sum(event_count)) as value FROM realtime.events_per_minute WHERE"
                    + " window_start >= toDateTime(0) GROUP BY window_start, event_type ORDER BY"
                    + " window_start ASC"))
        .isEqualTo(
            "[{\"time\":1709208000,\"metric\":\"view\",\"value\":\"3\"},"
                + " {\"time\":1709208120,\"metric\":\"purchase\",\"value\":\"1\"},"
                + " {\"time\":1709294400,\"metric\":\"purchase\",\"value\":\"1\"}]");
    assertThat(
            shown(
                client,
                "SELECT toString(dau_count) AS n FROM gold.daily_active_users ORDER BY event_date"
                    + " DESC LIMIT 1"))
        .isEqualTo("[{\"n\":\"1\"}]");
    assertThat(
            shown(
                client,
                "SELECT round((conversion_rate * 100), 2) as value FROM gold.conversion_rate_daily"
                    + " ORDER BY event_date ASC LIMIT 1"))
        .isEqualTo("[{\"value\":25}]");
    assertThat(
            shown(
                client,
                "SELECT toString(event_date) AS d, rank, product_id, toString(revenue) AS r FROM"
                    + " gold.top_products_daily ORDER BY d"))
        .isIn(
            "[{\"d\":\"2024-02-29\",\"rank\":1,\"product_id\":\"p\",\"r\":null},"
                + " {\"d\":\"2024-03-01\",\"rank\":1,\"product_id\":\"q\",\"r\":\"37.5000\"}]",
            "[{\"d\":\"2024-02-29\",\"rank\":1,\"product_id\":\"p\",\"r\":null},"
                + " {\"d\":\"2024-03-01\",\"rank\":1,\"product_id\":\"q\",\"r\":\"37.5\"}]");
  }

  /** What ClickHouse shows and the lake has not is taken out, when the hour or date is written. */
  @ParameterizedTest
  @EnumSource(Engine.class)
  void whatTheLakeNoLongerHasIsShownNoMore(Engine engine) throws Exception {
    ClickHouseClient client = ClickHouseServer.shared(engine).emptied().client();
    commit(view(1, NOON), event(2, NOON, "\"action\":\"view\",\"page\":\"/\",\"source\":\"web\""));
    assertThat(clickHouse(client)).isZero();
    client.insert(
        "realtime.events_per_minute_rows",
        List.of("window_start", "window_end", "event_type", "event_count", "is_final", "version"),
        List.of(
            List.of(NOON.minusSeconds(30), NOON.plusSeconds(30), "gone", 7L, true, 1L),
            List.of(NOON.minusSeconds(30), NOON.plusSeconds(30), "view", 99L, true, 1L)));
    client.insert(
        "gold.events_per_source_daily_rows",
        List.of("event_date", "source", "event_count", "version"),
        List.of(List.of("2024-02-29", "no 'such' source", 7L, 1L)));
    assertThat(shown(client, "SELECT count() AS n FROM realtime.events_per_minute"))
        .isIn("[{\"n\":\"2\"}]", "[{\"n\":2}]");

    commit(view(3, NOON.plusSeconds(1)));
    assertThat(clickHouse(client)).isZero();

    assertThat(
            shown(
                client,
                "SELECT event_type, toString(event_count) AS n FROM realtime.events_per_minute"))
        .isEqualTo("[{\"event_type\":\"view\",\"n\":\"3\"}]");
    assertThat(
            shown(
                client,
                "SELECT source, toString(event_count) AS n FROM gold.events_per_source_daily ORDER"
                    + " BY source"))
        .isEqualTo("[{\"source\":\"unknown\",\"n\":\"2\"}, {\"source\":\"web\",\"n\":\"1\"}]");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aTableOfThatNameThatIsNotOursIsLeftAlone(Engine engine) throws Exception {
    ClickHouseClient client = ClickHouseServer.shared(engine).emptied().client();
    commit(view(1, NOON));
    client.execute("creating", "CREATE DATABASE realtime");
    client.execute(
        "creating",
        "CREATE TABLE realtime.events_per_minute (window_start DateTime('UTC'), window_end"
            + " DateTime('UTC'), event_type String, event_count Int32) ENGINE = MergeTree ORDER BY"
            + " (window_start, event_type)");

    assertThat(failure(client))
        .isEqualTo(
            "clicklake: using ClickHouse at "
                + client.settings().endpoint()
                + ": it has tables of ours with other columns (realtime.events_per_minute.event_count"
                + " is of type Int32, not UInt64; realtime.events_per_minute has no column too_late;"
                + " realtime.events_per_minute has no column updated_at; realtime.events_per_minute"
                + " has no column silver_version; realtime.events_per_minute has no column"
                + " is_final); rename them, and they are made again: RENAME TABLE a.b TO a.c");

    client.execute(
        "renaming", "RENAME TABLE realtime.events_per_minute TO realtime.events_per_minute_before");
    client.execute("again", "DROP TABLE clicklake.migrations");
    assertThat(clickHouse(client)).isZero();
    assertThat(shown(client, "SELECT toString(count()) AS n FROM realtime.events_per_minute"))
        .isEqualTo("[{\"n\":\"1\"}]");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aServerOfAnotherLakeIsRefusedUnlessItIsRebuilt(Engine engine) throws Exception {
    ClickHouseClient client = ClickHouseServer.shared(engine).emptied().client();
    commit(view(1, NOON), view(2, NOON.plusSeconds(60)), view(3, NOON.minusSeconds(86_400)));
    assertThat(clickHouse(client)).isZero();
    landing = Files.createDirectory(folder.resolve("landing-2"));
    lake = folder.resolve("lake-2");
    commit(view(7, NOON));

    assertThat(failure(client))
        .contains("was filled from another lake, whose silver has the id")
        .contains("«clicklake clickhouse --rebuild»");
    assertThat(clickHouse(client, "--rebuild")).isZero();
    assertThat(
            shown(
                client,
                "SELECT toUnixTimestamp(window_start) AS t, toString(event_count) AS n FROM"
                    + " realtime.events_per_minute ORDER BY t"))
        .isEqualTo("[{\"t\":1709208000,\"n\":\"1\"}]");
    assertThat(shown(client, "SELECT toString(event_date) AS d FROM gold.daily_active_users"))
        .isEqualTo("[{\"d\":\"2024-02-29\"}]");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void tablesOfANewerClicklakeAreRefused(Engine engine) throws Exception {
    ClickHouseClient client = ClickHouseServer.shared(engine).emptied().client();
    commit(view(1, NOON));
    assertThat(clickHouse(client)).isZero();
    client.insert(
        "clicklake.migrations",
        List.of("number", "applied_at"),
        List.of(List.of(1_000, Instant.now())));
    assertThat(failure(client))
        .contains("its tables are those of a newer Clicklake (migration 1000, this one knows 1)");
  }

  /** Nothing is read, and the lake stays as it is. */
  @Test
  void aServerThatWillNeverDoEndsTheStart() throws Exception {
    Files.write(landing.resolve("a.ndjson"), List.of(view(1, NOON)));
    ClickHouseClient client = ClickHouseServer.shared(Engine.OLD).client();
    Path wrong = Files.writeString(folder.resolve("wrong.properties"), "password=a guess\n");
    assertThat(startFailure("http://no-such-host.invalid:8123", wrong))
        .isEqualTo(
            "clicklake: asking for the version failed: no host is called no-such-host.invalid;"
                + " correct the address of ClickHouse at http://no-such-host.invalid:8123");
    assertThat(startFailure(client.settings().endpoint().toString(), wrong))
        .startsWith(
            "clicklake: asking for the version is not allowed at ClickHouse at "
                + client.settings().endpoint()
                + " for user default")
        .doesNotContain("a guess");
    assertThat(lake).doesNotExist();
  }

  private String startFailure(String server, Path secrets) {
    return said(
        () ->
            assertThat(
                    Program.run(
                        "stream",
                        "--landing=" + landing,
                        "--lake=" + lake,
                        "--clickhouse=" + server,
                        "--clickhouseConfig=" + secrets,
                        "--availableNow"))
                .isEqualTo(1));
  }
}
