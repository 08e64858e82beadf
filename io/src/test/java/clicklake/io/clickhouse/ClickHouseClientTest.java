package clicklake.io.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.io.clickhouse.ClickHouseException.Kind;
import clicklake.io.testing.ClickHouseServer;
import clicklake.io.testing.ClickHouseServer.Engine;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client against the oldest ClickHouse that is spoken to, and the current engine. */
class ClickHouseClientTest {
  private static final List<String> COLUMNS =
      List.of("id", "word", "at", "day", "price", "share", "flag");

  private static ClickHouseClient emptied(Engine engine) {
    ClickHouseClient client = ClickHouseServer.shared(engine).client();
    client.execute("cleaning", "DROP DATABASE IF EXISTS things");
    client.execute("creating", "CREATE DATABASE things");
    client.execute(
        "creating",
        "CREATE TABLE things.all (id UInt64, word String, at DateTime('UTC'), day Date,"
            + " price Nullable(Decimal(18, 4)), share Float64, flag UInt8)"
            + " ENGINE = ReplacingMergeTree(id) ORDER BY word");
    return client;
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void whatIsInsertedIsQueried(Engine engine) {
    ClickHouseClient client = emptied(engine);
    client.insert(
        "things.all",
        COLUMNS,
        List.of(
            Arrays.asList(
                Long.MAX_VALUE,
                "a \"quoted\"\\ \u0000\n\ttext, é 漢 \uD83D\uDE00 'x",
                Instant.parse("2026-11-27T22:30:59Z"),
                LocalDate.parse("2026-11-27"),
                new BigDecimal("12345678901234.0100"),
                0.125,
                true),
            Arrays.asList(
                0L,
                "",
                Instant.parse("2000-01-01T00:00:00Z"),
                LocalDate.parse("2105-12-31"),
                null,
                1e-9,
                false)));

    List<JsonNode> rows =
        client.query(
            "looking",
            "SELECT toString(id) AS id, word, toUnixTimestamp(at) AS at, toString(day) AS day,"
                + " toString(price) AS price, share, flag FROM things.all ORDER BY id DESC");

    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).path("id").asText()).isEqualTo("9223372036854775807");
    assertThat(rows.get(0).path("word").asText())
        .isEqualTo("a \"quoted\"\\ \u0000\n\ttext, é 漢 \uD83D\uDE00 'x");
    assertThat(rows.get(0).path("at").asLong())
        .isEqualTo(Instant.parse("2026-11-27T22:30:59Z").getEpochSecond());
    assertThat(rows.get(0).path("day").asText()).isEqualTo("2026-11-27");
    assertThat(new BigDecimal(rows.get(0).path("price").asText()))
        .isEqualByComparingTo("12345678901234.01");
    assertThat(rows.get(0).path("share").asDouble()).isEqualTo(0.125);
    assertThat(rows.get(0).path("flag").asInt()).isEqualTo(1);
    assertThat(rows.get(1).path("word").asText()).isEmpty();
    assertThat(rows.get(1).path("day").asText()).isEqualTo("2105-12-31");
    assertThat(rows.get(1).path("price").isNull()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void manyRowsGoInOneRequest(Engine engine) {
    ClickHouseClient client = emptied(engine);
    client.insert(
        "things.all",
        List.of("id", "word"),
        java.util.stream.LongStream.range(0, 50_000).mapToObj(i -> List.of(i, "w" + i)).toList());
    assertThat(
            client
                .query(
                    "counting",
                    "SELECT toString(count()) AS n, toString(sum(id)) AS s FROM things.all")
                .get(0)
                .toString())
        .isEqualTo("{\"n\":\"50000\",\"s\":\"1249975000\"}");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void versionIsTheServers(Engine engine) {
    assertThat(ClickHouseServer.shared(engine).client().version())
        .startsWith(engine == Engine.OLD ? "18.16." : "26.");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void wrongPasswordIsOneLineWithoutIt(Engine engine) {
    URI endpoint = ClickHouseServer.shared(engine).endpoint();
    ClickHouseClient client =
        new ClickHouseClient(
            ClickHouseSettings.of(
                endpoint.toString(), Map.of("user", "default", "password", "a guess")));
    assertThatThrownBy(client::version)
        .isInstanceOfSatisfying(
            ClickHouseException.class, e -> assertThat(e.kind()).isEqualTo(Kind.ACCESS))
        .hasMessageStartingWith(
            "asking for the version is not allowed at ClickHouse at "
                + endpoint
                + " for user default")
        .hasMessageEndingWith(
            "; correct user and password in --clickhouseConfig, or grant the rights")
        .hasMessageNotContaining("a guess")
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void missingTableAndColumnAreStatementsFaults(Engine engine) {
    ClickHouseClient client = emptied(engine);
    assertThatThrownBy(() -> client.insert("things.none", List.of("id"), List.of(List.of(1L))))
        .isInstanceOfSatisfying(
            ClickHouseException.class, e -> assertThat(e.kind()).isEqualTo(Kind.STATEMENT))
        .hasMessageStartingWith("inserting 1 rows into things.none failed at ClickHouse at")
        .hasMessageNotContaining("\n");
    assertThatThrownBy(() -> client.insert("things.all", List.of("idx"), List.of(List.of(1L))))
        .isInstanceOfSatisfying(
            ClickHouseException.class, e -> assertThat(e.kind()).isEqualTo(Kind.STATEMENT))
        .hasMessageContaining("idx");
  }

  @Test
  void userWhoMayOnlyReadIsTold() {
    ClickHouseClient client =
        new ClickHouseClient(
            ClickHouseSettings.of(
                ClickHouseServer.shared(Engine.OLD).endpoint().toString(),
                Map.of("user", "reader", "password", "reads")));
    assertThatThrownBy(() -> client.execute("creating database things", "CREATE DATABASE more"))
        .isInstanceOfSatisfying(
            ClickHouseException.class, e -> assertThat(e.kind()).isEqualTo(Kind.ACCESS))
        .hasMessageContaining("user reader may only read");
  }

  @Test
  void unknownHostAndClosedPortPass() {
    assertThatThrownBy(
            () ->
                new ClickHouseClient(ClickHouseSettings.of("http://no-such-host.invalid"))
                    .version())
        .isInstanceOfSatisfying(ClickHouseException.class, e -> assertThat(e.isPassing()).isTrue())
        .hasMessage(
            "asking for the version failed: no host is called no-such-host.invalid; correct the"
                + " address of ClickHouse at http://no-such-host.invalid:8123");
    assertThatThrownBy(
            () -> new ClickHouseClient(ClickHouseSettings.of("http://127.0.0.1:9")).version())
        .hasMessage(
            "asking for the version failed: ClickHouse at http://127.0.0.1:9 cannot be reached"
                + " (nothing listens there)");
  }

  @Test
  void valuesThatNoColumnTakesAreRefusedBeforeTheServerSeesThem() {
    ClickHouseClient client = emptied(Engine.OLD);
    assertThatThrownBy(
            () ->
                client.insert(
                    "things.all",
                    List.of("at"),
                    List.of(List.of(Instant.parse("2106-02-07T06:28:16Z")))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("column at cannot hold 2106-02-07T06:28:16Z: a DateTime ends in 2106");
    assertThatThrownBy(() -> client.insert("things.all", List.of("at", "id"), List.of(List.of(1L))))
        .hasMessage("a row has 1 values for the columns [at, id]");
    assertThat(
            client
                .query("counting", "SELECT count() AS n FROM things.all")
                .get(0)
                .path("n")
                .asLong())
        .isZero();
  }
}
