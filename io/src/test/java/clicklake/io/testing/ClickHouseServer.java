package clicklake.io.testing;

import clicklake.io.broker.FreePorts;
import clicklake.io.clickhouse.ClickHouseClient;
import clicklake.io.clickhouse.ClickHouseException;
import clicklake.io.clickhouse.ClickHouseSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;

/**
 * A real ClickHouse in a child process, for tests; nothing listens beyond 127.0.0.1. {@link
 * #shared(Engine)} is the one to use unless a test kills its server.
 */
public final class ClickHouseServer implements AutoCloseable {
  /** Which ClickHouse. */
  public enum Engine {
    /** Debian's clickhouse-server 18.16: the oldest that is spoken to. */
    OLD,
    /** The current engine, out of npm's chdb, behind a small HTTP front. */
    CURRENT
  }

  public static final String USER = "default";
  public static final String PASSWORD = "a p\u00e4ssword of tests: <&'\">";

  private static final String CHDB_VERSION = "3.4.0";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Map<Engine, ClickHouseServer> SHARED = new EnumMap<>(Engine.class);

  private final Engine engine;
  private final Path folder;
  private int port;
  private ChildProcess process;

  private ClickHouseServer(Engine engine) {
    this.engine = engine;
    try {
      folder = Files.createTempDirectory("clicklake-clickhouse-");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    if (engine == Engine.OLD) {
      port = FreePorts.find(1, new Random()).get(0);
    }
    process = start();
  }

  /** The server of this test JVM: started at the first call, stopped when the JVM ends. */
  public static synchronized ClickHouseServer shared(Engine engine) {
    return SHARED.computeIfAbsent(
        engine,
        kind -> {
          ClickHouseServer server = new ClickHouseServer(kind);
          Runtime.getRuntime().addShutdownHook(new Thread(server::close, "close-clickhouse"));
          return server;
        });
  }

  /** Starts a server of the caller's own, who closes it. */
  public static ClickHouseServer startNew(Engine engine) {
    return new ClickHouseServer(engine);
  }

  private ChildProcess start() {
    try {
      ChildProcess started = engine == Engine.OLD ? startOld() : startCurrent();
      Awaitility.await("ClickHouse answers at " + port)
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(50))
          .until(
              () -> {
                if (!started.isAlive()) {
                  throw started.failure("ended at its start");
                }
                return answers();
              });
      return started;
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not start ClickHouse", failure);
    }
  }

  private boolean answers() {
    try {
      client().version();
      return true;
    } catch (ClickHouseException notYet) {
      return false;
    }
  }

  private ChildProcess startOld() throws IOException {
    Path program = InstalledProgram.ofDebian("clickhouse-server", "clickhouse-server");
    Path config =
        Files.writeString(
            folder.resolve("config.xml"),
            """
            <yandex>
              <logger><level>warning</level><console>1</console></logger>
              <http_port>%d</http_port>
              <listen_host>127.0.0.1</listen_host>
              <path>%2$s/data/</path>
              <tmp_path>%2$s/tmp/</tmp_path>
              <user_files_path>%2$s/files/</user_files_path>
              <users_config>users.xml</users_config>
              <default_profile>default</default_profile>
              <default_database>default</default_database>
              <mark_cache_size>5368709</mark_cache_size>
            </yandex>
            """
                .formatted(port, folder));
    Files.writeString(
        folder.resolve("users.xml"),
        """
        <yandex>
          <profiles><default/><readonly><readonly>1</readonly></readonly></profiles>
          <users>
            <default>
              <password>%s</password>
              <networks><ip>127.0.0.1</ip></networks>
              <profile>default</profile>
              <quota>default</quota>
            </default>
            <reader>
              <password>reads</password>
              <networks><ip>127.0.0.1</ip></networks>
              <profile>readonly</profile>
              <quota>default</quota>
            </reader>
          </users>
          <quotas><default/></quotas>
        </yandex>
        """
            .formatted(PASSWORD.replace("&", "&amp;").replace("<", "&lt;")));
    return ChildProcess.program(program.toString())
        .name("ClickHouse 18.16")
        .arguments("--config-file=" + config)
        .log(folder.resolve("server.log"))
        .start();
  }

  private ChildProcess startCurrent() throws IOException {
    Path chdb = InstalledProgram.ofNpm("chdb", CHDB_VERSION);
    ChildProcess front =
        ChildProcess.program(InstalledProgram.ofDebian("node", "nodejs").toString())
            .name("ClickHouse in chdb")
            .arguments(
                BuiltFile.at("io/services/clickhouse/server.mjs").toString(),
                folder.resolve("data").toString(),
                USER,
                PASSWORD,
                chdb.toString())
            .log(folder.resolve("server.log"))
            .start();
    try {
      String line = front.awaitLine("listening on port", PATIENCE);
      port = Integer.parseInt(line.replaceAll(".*port ", ""));
      return front;
    } catch (RuntimeException | Error failure) {
      front.close();
      throw failure;
    }
  }

  /** The server's address; another one after a restart of the current engine. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** How to reach the server. */
  public ClickHouseSettings settings() {
    return settings(endpoint());
  }

  /** How to reach the server through something before it. */
  public static ClickHouseSettings settings(URI endpoint) {
    return ClickHouseSettings.of(
        endpoint.toString(),
        Map.of(ClickHouseSettings.USER, USER, ClickHouseSettings.PASSWORD, PASSWORD));
  }

  /** A client of the server. */
  public ClickHouseClient client() {
    return new ClickHouseClient(settings());
  }

  /** The same server without the databases that a job made. */
  public ClickHouseServer emptied() {
    for (String database : new String[] {"realtime", "gold", "clicklake"}) {
      client().execute("emptying", "DROP DATABASE IF EXISTS " + database);
    }
    return this;
  }

  /** The file with user and password that {@code --clickhouseConfig} takes. */
  public static Path writeConfig(Path file) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("user=").append(USER).append('\n');
    text.append("password=").append(PASSWORD).append('\n');
    return Files.writeString(file, text);
  }

  /** SIGKILL; returns when the process is gone. */
  public void kill9() {
    process.kill9();
  }

  /** Stands still, and keeps its connections. */
  public void suspend() {
    process.suspend();
  }

  public void resume() {
    process.resume();
  }

  /** Starts a server that was killed, with its data and (the old one) at its port. */
  public void startAgain() {
    process = start();
  }

  /** Ends the server and deletes its data. */
  @Override
  public void close() {
    process.close();
    TemporaryFolder.delete(folder);
  }
}
