package clicklake.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.flow.LakeReader;
import clicklake.io.testing.ChildProcess;
import clicklake.io.testing.ClickHouseServer;
import clicklake.io.testing.ClickHouseServer.Engine;
import clicklake.io.testing.KafkaBroker;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events of now come all the time, some doubled, some late, while jobs are killed and resumed on
 * other runners, ClickHouse is killed and away for a while, and a job that slept wakes when others
 * have done its work. Never is a figure of a closed minute other than silver's for good: when all
 * minutes are closed, every row is silver's, and every row of gold is gold's.
 *
 * <p>In the long form ClickHouse is away for a minute.
 */
class LiveUnderKillsTest {
  private static final long SEED = Long.getLong("clicklake.crash.seed", System.nanoTime());
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration AWAY = Duration.ofSeconds(Form.isLong() ? 60 : 8);
  private static final int EVENTS_PER_SECOND = 300;
  private static final int PARTITIONS = 3;
  private static final String[] ACTIONS = {"view", "click", "purchase", "login"};

  @TempDir private Path folder;

  private final Random random = new Random(SEED);
  private int kills;

  @Test
  void figuresAreSilversWhoeverWasKilled() throws Exception {
    System.out.println("live under kills, seed " + SEED);
    try (KafkaBroker broker = KafkaBroker.startNew();
        ClickHouseServer clickHouse = ClickHouseServer.startNew(Engine.OLD);
        Sender sender = new Sender(broker, broker.newTopic("live", PARTITIONS), random)) {
      String config =
          "--clickhouseConfig="
              + ClickHouseServer.writeConfig(folder.resolve("clickhouse.properties"));
      sender.start();
      for (Runner runner : List.of(Runner.FLINK, Runner.SPARK)) {
        try (ChildProcess job = stream(runner, sender, clickHouse, config).start()) {
          awaitShownSoon(clickHouse, job);
          letRun(Duration.ofMillis(random.nextInt(3_000)));
          job.kill9();
          kills++;
        }
      }
      try (ChildProcess sleeper = stream(Runner.FLINK, sender, clickHouse, config).start()) {
        awaitShownSoon(clickHouse, sleeper);
        sleeper.suspend();
        try (ChildProcess job = stream(Runner.DIRECT, sender, clickHouse, config).start()) {
          awaitShownSoon(clickHouse, job);
          clickHouse.kill9();
          kills++;
          long before = new LakeReader(lake()).rows("silver/events").size();
          letRun(AWAY);
          // The lake has gone on without it.
          assertThat(job.isAlive()).as("%s", job.output()).isTrue();
          assertThat(new LakeReader(lake()).rows("silver/events").size())
              .isGreaterThan((int) before);
          clickHouse.startAgain();
          awaitShownSoon(clickHouse, job);
          sleeper.resume();
          letRun(Duration.ofSeconds(3));
          sleeper.kill9();
          job.kill9();
          kills += 2;
        }
      }
      sender.stop();
      requireEnd(stream(Runner.DIRECT, sender, clickHouse, config), "--availableNow");
      awaitAllClosed(clickHouse, config);
      requireSilvers(clickHouse, sender);
      requireGolds(clickHouse);
    }
    System.out.println("live under kills, seed " + SEED + ": silver's, kills " + kills);
  }

  private Path lake() {
    return folder.resolve("lake");
  }

  private JobProcess stream(
      Runner runner, Sender sender, ClickHouseServer clickHouse, String config) {
    return JobProcess.of(runner, folder, "stream")
        .with(
            List.of(
                "--source=kafka",
                "--bootstrapServers=" + sender.servers,
                "--topic=" + sender.topic,
                "--lake=" + lake(),
                "--commitEvery=500ms",
                "--liveEvery=500ms",
                "--allowedLateness=3s",
                "--clickhouse=" + clickHouse.endpoint(),
                config));
  }

  private static void letRun(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }

  /** Waits until ClickHouse shows an event that was sent after now. */
  private static void awaitShownSoon(ClickHouseServer clickHouse, ChildProcess job) {
    long now = Instant.now().getEpochSecond();
    Awaitility.await("figures of this moment")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .until(
            () -> {
              assertThat(job.isAlive()).as("%s", job.output()).isTrue();
              return clickHouse
                      .client()
                      .query(
                          "looking",
                          "SELECT toUnixTimestamp(max(updated_at)) AS t FROM"
                              + " realtime.events_per_minute")
                      .get(0)
                      .path("t")
                      .asLong()
                  > now;
            });
  }

  private static void requireEnd(JobProcess job, String... more) {
    try (ChildProcess child = job.with(Arrays.asList(more)).start()) {
      assertThat(child.waitFor(PATIENCE)).as("exit code, %s", child.output()).isZero();
    }
  }

  /** Runs the jobs that write the tables once minutes are closed, until all are. */
  private void awaitAllClosed(ClickHouseServer clickHouse, String config) {
    List<String> options =
        List.of(
            "--lake=" + lake(),
            "--clickhouse=" + clickHouse.endpoint(),
            config,
            "--allowedLateness=3s");
    Awaitility.await("all minutes closed")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(5))
        .until(
            () -> {
              requireEnd(JobProcess.of(Runner.DIRECT, folder, "gold").with(options));
              return clickHouse
                      .client()
                      .query(
                          "looking",
                          "SELECT count() AS n FROM realtime.events_per_minute WHERE is_final = 0")
                      .get(0)
                      .path("n")
                      .asLong()
                  == 0;
            });
  }

  private void requireSilvers(ClickHouseServer clickHouse, Sender sender) throws Exception {
    List<Map<String, @Nullable Object>> silver = new LakeReader(lake()).rows("silver/events");
    assertThat(silver).hasSize(sender.unique());
    Map<String, Long> events = new TreeMap<>();
    Map<String, Long> purchases = new TreeMap<>();
    Map<String, Set<Object>> users = new TreeMap<>();
    for (Map<String, @Nullable Object> row : silver) {
      String minute =
          ((Instant) Objects.requireNonNull(row.get("event_time")))
              .truncatedTo(ChronoUnit.MINUTES)
              .toString();
      events.merge(minute + " " + row.get("action"), 1L, Long::sum);
      if ("purchase".equals(row.get("action"))) {
        purchases.merge(minute + " ", 1L, Long::sum);
      }
      users
          .computeIfAbsent(minute + " ", none -> new HashSet<>())
          .add(Objects.requireNonNull(row.get("user_id")));
    }
    Map<String, Long> distinct = new TreeMap<>();
    users.forEach((minute, all) -> distinct.put(minute, (long) all.size()));
    assertThat(shown(clickHouse, "events_per_minute", "event_type", "event_count"))
        .isEqualTo(events);
    assertThat(shown(clickHouse, "purchases_per_minute", "''", "purchase_count"))
        .isEqualTo(purchases);
    assertThat(shown(clickHouse, "active_users_per_minute", "''", "active_users"))
        .isEqualTo(distinct);
  }

  private static Map<String, Long> shown(
      ClickHouseServer clickHouse, String table, String key, String figure) {
    Map<String, Long> shown = new TreeMap<>();
    for (JsonNode row :
        clickHouse
            .client()
            .query(
                "looking",
                "SELECT toUnixTimestamp(window_start) AS s, "
                    + key
                    + " AS k, "
                    + figure
                    + " AS n FROM realtime."
                    + table)) {
      shown.put(
          Instant.ofEpochSecond(row.path("s").asLong()) + " " + row.path("k").asText(),
          row.path("n").asLong());
    }
    return shown;
  }

  private void requireGolds(ClickHouseServer clickHouse) throws Exception {
    Map<String, Long> gold = new TreeMap<>();
    for (Map<String, @Nullable Object> row :
        new LakeReader(lake()).rows("gold/kpi_events_per_source")) {
      int day = (Integer) Objects.requireNonNull(row.get("event_date"));
      gold.put(LocalDate.ofEpochDay(day) + " " + row.get("source"), (Long) row.get("event_count"));
    }
    Map<String, Long> shown = new TreeMap<>();
    clickHouse
        .client()
        .query(
            "looking",
            "SELECT toString(event_date) AS d, source, event_count AS n FROM"
                + " gold.events_per_source_daily")
        .forEach(
            row ->
                shown.put(
                    row.path("d").asText() + " " + row.path("source").asText(),
                    row.path("n").asLong()));
    assertThat(shown).isEqualTo(gold);
  }

  /** Sends events of now: of each twenty one twice, and one of some seconds ago. */
  private static final class Sender implements AutoCloseable {
    private final String servers;
    private final String topic;
    private final Random random;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Thread thread = new Thread(this::send, "sender");
    private volatile int sent;

    Sender(KafkaBroker broker, String topic, Random random) {
      this.servers = broker.bootstrapServers();
      this.topic = topic;
      this.random = new Random(random.nextLong());
      this.producer =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", servers, "linger.ms", "5"),
              new ByteArraySerializer(),
              new ByteArraySerializer());
    }

    int unique() {
      return sent;
    }

    void start() {
      thread.start();
    }

    private void send() {
      List<byte[]> again = new ArrayList<>();
      while (!ended.get()) {
        for (int i = 0; i < EVENTS_PER_SECOND / 20; i++) {
          int number = sent;
          Instant time = Instant.now().minusSeconds(number % 20 == 7 ? random.nextInt(90) : 0);
          byte[] event =
              "{\"event_id\":\"%s\",\"schema_version\":2,\"event_time\":\"%s\",\"user_id\":\"u-%d\",\"action\":\"%s\",\"page\":\"/\",\"source\":\"web\"}"
                  .formatted(
                      new UUID(11, number), time, number % 97, ACTIONS[number % ACTIONS.length])
                  .getBytes(UTF_8);
          producer.send(new ProducerRecord<>(topic, event));
          if (number % 20 == 3) {
            again.add(event);
          }
          if (!again.isEmpty() && random.nextInt(20) == 0) {
            producer.send(new ProducerRecord<>(topic, again.remove(0)));
          }
          sent = number + 1;
        }
        LockSupport.parkNanos(50_000_000);
      }
      producer.flush();
    }

    void stop() throws InterruptedException {
      ended.set(true);
      thread.join();
    }

    @Override
    public void close() throws InterruptedException {
      stop();
      producer.close();
    }
  }
}
