package clicklake.crash;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.testing.ChildProcess;
import clicklake.io.testing.FaultProxy;
import clicklake.io.testing.KafkaBroker;
import clicklake.io.testing.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads in parts that a kill leaves open cost money until somebody aborts them. */
class AbandonedUploadsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int RECORDS = 40;
  private static final int RECORD_BYTES = 900_000;
  private static final int KILLS = 1;

  private final KafkaBroker broker = KafkaBroker.shared();
  private final ObjectStore store = ObjectStore.ofTemporaryFolders();

  @TempDir Path folder;

  /** Bytes that nothing compresses, so that files of bronze take several parts. */
  private String topicOfLargeRecords() {
    String topic = broker.newTopic("uploads", 1);
    SplittableRandom random = new SplittableRandom(7);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      byte[] value = new byte[RECORD_BYTES];
      random.nextBytes(value);
      records.add(new ProducerRecord<>(topic, 0, null, value));
    }
    broker.produce(records);
    return topic;
  }

  private ChildProcess stream(String topic, FaultProxy proxy) {
    return JobProcess.of(Runner.DIRECT, folder, "stream", "--availableNow", "--source=kafka")
        .with(
            ObjectStore.inStore(
                List.of(
                    "--bootstrapServers=" + broker.bootstrapServers(),
                    "--topic=" + topic,
                    "--lake=" + folder.resolve("lake")),
                proxy.endpoint()))
        .start();
  }

  @Test
  void theNextStartAbortsThemWhenTheyAreADayOld() throws IOException {
    String topic = topicOfLargeRecords();
    String bucket = ObjectStore.bucketOf(folder);
    try (FaultProxy proxy = new FaultProxy(store, 0, 0).delayedBy(Duration.ofMillis(100))) {
      for (int kill = 1; kill <= KILLS; kill++) {
        int left = kill;
        try (ChildProcess job = stream(topic, proxy)) {
          Awaitility.await("an upload in parts")
              .atMost(PATIENCE)
              .pollInterval(Duration.ofMillis(20))
              .until(() -> !job.isAlive() || store.openUploads(bucket).size() >= left);
          assertThat(job.isAlive()).as("%s", job.output()).isTrue();
          job.kill9();
        }
      }
      List<String> uploads = store.openUploads(bucket);
      assertThat(uploads).hasSizeGreaterThanOrEqualTo(KILLS);
      assertThat(uploads).allMatch(key -> key.contains("/bronze/events/"));

      makeOlder(store.folder(bucket));
      try (ChildProcess job = stream(topic, proxy)) {
        assertThat(job.waitFor(PATIENCE)).as("%s", job.output()).isZero();
      }
    }

    assertThat(store.openUploads(bucket)).isEmpty();
    try (ChildProcess verify =
        JobProcess.of(Runner.DIRECT, folder, "verify")
            .with(ObjectStore.inStore(List.of("--lake=" + folder.resolve("lake"))))
            .start()) {
      assertThat(verify.waitFor(PATIENCE)).as("%s", verify.output()).isZero();
      assertThat(verify.output()).anyMatch(line -> line.matches(" *40 +0 +40 +0 +0 +total"));
    }
  }

  /** As if everything in the store had been put two days ago. */
  private static void makeOlder(Path bucket) throws IOException {
    FileTime before = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
    try (Stream<Path> files = Files.walk(bucket)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        Files.setLastModifiedTime(file, before);
      }
    }
  }
}
