package clicklake.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.testing.ChildProcess;
import clicklake.io.testing.KafkaBroker;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kafka takes records away, by compaction or retention, before the lake has decided them; and a
 * dead letter topic takes none.
 */
class RecordsGoneFromKafkaTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final KafkaBroker broker = KafkaBroker.shared();

  @TempDir private Path folder;

  @Test
  void aRecordCompactedAwayBetweenBronzesAndSilversCommitIsDecidedFromBronze() throws Exception {
    String topic = "gone-compacted-" + ProcessHandle.current().pid();
    broker.createTopic(
        topic,
        1,
        Map.of(
            "cleanup.policy", "compact",
            "segment.bytes", "1048576",
            "segment.ms", "100",
            "min.cleanable.dirty.ratio", "0.0",
            "max.compaction.lag.ms", "100"));
    broker.produce(List.of(event(topic, "k1", 1), event(topic, "k2", 2), event(topic, "k3", 3)));
    dieBetweenTheCommits(topic);
    int[] next = {4};
    broker.produce(List.of(event(topic, "k1", next[0]++)));
    Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              // Only closed segments are cleaned; a new record closes the one before.
              broker.produce(List.of(event(topic, "filler", next[0]++)));
              return broker.readAll(topic).get(0).offset() > 0;
            });

    Program.round(options(topic));

    assertThat(silver()).contains(id(1), id(2), id(3), id(4));
    JsonNode proof = verified();
    assertThat(proof.path("undecided").asLong()).isZero();
    assertThat(proof.path("silver").asLong()).isEqualTo(proof.path("bronze").asLong());
  }

  @Test
  void recordsThatRetentionRemovedBetweenBronzesAndSilversCommitAreDecidedFromBronze()
      throws Exception {
    String topic = broker.newTopic("gone-expired", 1);
    broker.produce(List.of(event(topic, "a", 1), event(topic, "b", 2), event(topic, "c", 3)));
    dieBetweenTheCommits(topic);
    broker.deleteRecordsBefore(topic, 0, 3);
    broker.produce(List.of(event(topic, "d", 4)));

    Program.round(options(topic));

    assertThat(silver()).containsExactlyInAnyOrder(id(1), id(2), id(3), id(4));
    assertThat(verified().path("undecided").asLong()).isZero();
  }

  @Test
  void recordsThatNobodyHasAreLedgeredAsLostIfThatIsAccepted() throws Exception {
    String topic = broker.newTopic("gone-lost", 2);
    broker.produce(List.of(event(topic, "a", 1), event(topic, "b", 2)));
    Program.round(options(topic));
    broker.produce(List.of(event(topic, "c", 3), event(topic, "d", 4), event(topic, "e", 5)));
    broker.deleteRecordsBefore(topic, 0, 4);

    assertThat(stream(options(topic, "--availableNow")))
        .isEqualTo(
            "clicklake: Reading topic "
                + topic
                + " at "
                + broker.bootstrapServers()
                + ": partition 0 has to be read from offset 2, but begins at 4: retention removed"
                + " records before they were read, and bronze has not got them; start with"
                + " --acceptGap to go on without the offsets {[2, 4)}, or read the topic into a new"
                + " lake");
    assertThat(silver()).containsExactlyInAnyOrder(id(1), id(2));

    Program.round(options(topic, "--acceptGap"));
    assertThat(silver()).containsExactlyInAnyOrder(id(1), id(2), id(5));
    broker.produce(List.of(event(topic, "f", 6)));
    Program.round(options(topic));

    JsonNode proof = verified();
    assertThat(proof.path("silver").asLong()).isEqualTo(4);
    assertThat(proof.path("undecided").asLong()).isZero();
    assertThat(proof.path("partitions").get(0).path("lost")).isEqualTo(JSON.readTree("[[2,4]]"));
    assertThat(Program.printed(0, "verify", "--lake=" + lake()).lines())
        .contains("2 offsets of " + topic + "/0 are lost, given up with --acceptGap: {[2, 4)}")
        .endsWith("balanced");
  }

  @Test
  void aDeadLetterThatTheTopicDoesNotTakeStopsNothing() throws Exception {
    String topic = broker.newTopic("gone-letters", 1);
    String letters = topic + "-dead";
    broker.createTopic(letters, 1, Map.of("max.message.bytes", "1000000"));
    broker.produce(
        List.of(
            new ProducerRecord<>(topic, 0, new byte[1_500_000], "broken".getBytes(UTF_8)),
            event(topic, "a", 1)));
    String[] withLetters = options(topic, "--dlqTopic=" + letters);

    Program.round(withLetters);
    broker.produce(List.of(event(topic, "b", 2)));
    Program.round(withLetters);

    assertThat(silver()).containsExactlyInAnyOrder(id(1), id(2));
    JsonNode proof = verified();
    assertThat(proof.path("quarantine").asLong()).isEqualTo(1);
    assertThat(proof.path("outbox").asLong()).isZero();
    assertThat(broker.readAll(letters)).hasSize(1);
    assertThat(broker.readAll(letters).get(0).key()).isNull();
  }

  /** Ends the job when bronze has its commit and silver has not. */
  private void dieBetweenTheCommits(String topic) throws IOException {
    try (ChildProcess child =
        Program.process("stream", options(topic, "--availableNow"))
            .flags("-Dclicklake.kill.at=BEFORE_COMMIT:2")
            .start()) {
      assertThat(child.waitFor(PATIENCE)).isEqualTo(137);
    }
    assertThat(new LakeReader(lake()).versions("bronze/events")).isEqualTo(2);
    assertThat(new LakeReader(lake()).versions("silver/events")).isEqualTo(1);
  }

  /** Runs a round that fails; what it says. */
  private static String stream(String... options) {
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, UTF_8));
    try {
      assertThat(Program.run("stream", options)).isEqualTo(1);
    } finally {
      System.setErr(before);
    }
    return said.toString(UTF_8)
        .lines()
        .filter(line -> line.startsWith("clicklake: "))
        .reduce("", (first, line) -> line);
  }

  private JsonNode verified() throws IOException {
    JsonNode proof = JSON.readTree(Program.printed(0, "verify", "--lake=" + lake(), "--json"));
    assertThat(proof.path("balanced").asBoolean()).isTrue();
    return proof;
  }

  private Path lake() {
    return folder.resolve("lake");
  }

  private List<String> silver() throws IOException {
    List<String> ids = new ArrayList<>();
    new LakeReader(lake())
        .forEachRow("silver/events", row -> ids.add(String.valueOf(row.get("event_id"))));
    return ids;
  }

  private static String id(int number) {
    return String.format("00000000-0000-4000-8000-%012d", number);
  }

  private static ProducerRecord<byte[], byte[]> event(String topic, String key, int number) {
    String json =
        "{\"event_id\":\""
            + id(number)
            + "\",\"schema_version\":1,\"event_time\":\"2024-03-01T10:00:00Z\",\"user_id\":\"u\","
            + "\"action\":\"view\",\"page\":\"/\"}";
    return new ProducerRecord<>(topic, 0, key.getBytes(UTF_8), json.getBytes(UTF_8));
  }

  private String[] options(String topic, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--source=kafka",
                "--bootstrapServers=" + broker.bootstrapServers(),
                "--topic=" + topic,
                "--lake=" + lake()));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}
