package clicklake.soak;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.testing.ClickHouseServer;
import clicklake.io.testing.ClickHouseServer.Engine;
import clicklake.io.testing.KafkaBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How soon figures of the minute are in ClickHouse, and what that costs. */
class LiveFiguresTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int PARTITIONS = 4;
  private static final int USERS = 20_000;
  private static final String[] ACTIONS = {"view", "view", "click", "add_to_cart", "purchase"};

  @TempDir Path folder;

  /** When how many events had been sent, or were shown. */
  private record Count(long millis, long events) {}

  @Test
  void figuresAreThereWithinSeconds() throws Exception {
    Report report = new Report("FlinkRunner, figures of the minute in ClickHouse");
    try (KafkaBroker broker = KafkaBroker.startNew();
        ClickHouseServer clickHouse = ClickHouseServer.startNew(Engine.OLD)) {
      Path config = ClickHouseServer.writeConfig(folder.resolve("clickhouse.properties"));
      double without = run(report, "without", broker, null, List.of());
      List<Float> delays = new ArrayList<>();
      double with =
          run(
              report,
              "with ClickHouse",
              broker,
              new Watch(clickHouse, delays),
              List.of("--clickhouse=" + clickHouse.endpoint(), "--clickhouseConfig=" + config));
      Figures figures = Figures.of(delays);
      report.line("from sent to shown, of %,d events: %s", figures.count(), figures.tails("s"));
      report.line("CPU of the job with and without: %.3f", with / without);
      assertThat(figures.median()).as("median, in seconds").isLessThanOrEqualTo(2);
      assertThat(figures.at(0.99)).as("99 of 100, in seconds").isLessThanOrEqualTo(5);
    }
  }

  /** Looks ten times a second how many events are shown. */
  private static final class Watch implements AutoCloseable {
    private final ClickHouseServer server;
    private final List<Float> delays;
    private final List<Count> shown = new ArrayList<>();
    private volatile boolean ended;
    private Thread thread = new Thread(() -> {});

    Watch(ClickHouseServer server, List<Float> delays) {
      this.server = server;
      this.delays = delays;
    }

    void begin() {
      thread =
          new Thread(
              () -> {
                while (!ended) {
                  long events =
                      server
                          .client()
                          .query(
                              "watching",
                              "SELECT toString(sum(event_count)) AS n FROM"
                                  + " realtime.events_per_minute")
                          .get(0)
                          .path("n")
                          .asLong();
                  shown.add(new Count(System.currentTimeMillis(), events));
                  LockSupport.parkNanos(100_000_000);
                }
              });
      thread.start();
    }

    @Override
    public void close() throws InterruptedException {
      ended = true;
      thread.join();
    }

    /** For each event, when it was first shown, or one after it was. */
    void compare(List<Count> sent, long before) {
      int next = 0;
      long most = 0;
      for (Count count : shown) {
        most = Math.max(most, count.events());
        while (next < sent.size() && sent.get(next).events() <= most) {
          if (sent.get(next).events() > before) {
            delays.add((count.millis() - sent.get(next).millis()) / 1000f);
          }
          next++;
        }
      }
    }
  }

  private double run(
      Report report, String name, KafkaBroker broker, Watch watch, List<String> options)
      throws Exception {
    String topic = broker.newTopic("live", PARTITIONS);
    Path own = Files.createDirectory(folder.resolve(name.replace(' ', '-')));
    List<Count> sent = new ArrayList<>();
    try (Job job =
        Job.start(
            "FlinkRunner", broker, topic, own, Measure.HEAP, options.toArray(String[]::new))) {
      long warm = send(broker, topic, Duration.ofSeconds(20), sent, 0);
      job.awaitDecided(warm, PATIENCE);
      double cpu = job.cpuSeconds();
      if (watch != null) {
        watch.begin();
      }
      long all = send(broker, topic, Measure.DURATION, sent, warm);
      job.awaitDecided(all, PATIENCE);
      double used = job.cpuSeconds() - cpu;
      if (watch != null) {
        watch.close();
        watch.compare(sent, warm);
      }
      report.line(
          "%s: %,d events at %,d/s, %.1f CPU-s, %.2f us an event",
          name, all - warm, Measure.RATE, used, used * 1e6 / (all - warm));
      List<Float> lags = new ArrayList<>();
      long begin = sent.get(sent.size() - 1).millis() - Measure.DURATION.toMillis();
      for (DeltaLog.Commit commit : DeltaLog.commits(own.resolve("lake/silver/events"))) {
        DeltaLog.arrivals(
            commit,
            arrival -> {
              if (arrival >= begin) {
                lags.add((commit.millis() - arrival) / 1000f);
              }
            });
      }
      report.line("%s: lag of silver %s", name, Figures.of(lags).tails("s"));
      assertThat(job.stop()).as("exit code, %s", job.tail()).isZero();
      return used;
    }
  }

  /** Sends events of now, so many a second; notes each fiftieth of a second how many there were. */
  private static long send(
      KafkaBroker broker, String topic, Duration duration, List<Count> sent, long before)
      throws Exception {
    long events = before;
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", "5", "acks", "1"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      long begin = System.nanoTime();
      long total = before + duration.toSeconds() * Measure.RATE;
      while (events < total) {
        long due =
            Math.min(total, before + (System.nanoTime() - begin) / 1000 * Measure.RATE / 1_000_000);
        Instant now = Instant.now();
        for (; events < due; events++) {
          byte[] event =
              ("{\"event_id\":\""
                      + new UUID(now.toEpochMilli(), events)
                      + "\",\"schema_version\":2,\"event_time\":\""
                      + now
                      + "\",\"user_id\":\"u-"
                      + Math.floorMod(events * 7919, USERS)
                      + "\",\"action\":\""
                      + ACTIONS[(int) (events % ACTIONS.length)]
                      + "\",\"page\":\"/p/"
                      + events % 1000
                      + "\",\"source\":\"web\",\"country\":\"DE\",\"device_type\":\"mobile\","
                      + "\"user_agent\":\"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\"}")
                  .getBytes(UTF_8);
          producer.send(new ProducerRecord<>(topic, (int) (events % PARTITIONS), null, event));
        }
        sent.add(new Count(System.currentTimeMillis(), events));
        LockSupport.parkNanos(20_000_000);
      }
      producer.flush();
    }
    return events;
  }
}
