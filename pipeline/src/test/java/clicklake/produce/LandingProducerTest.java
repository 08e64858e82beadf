package clicklake.produce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LandingProducerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  @TempDir private Path landing;

  @Test
  void theFilesHoldWhatIsCounted() throws Exception {
    ProducePlan plan = ProducePlan.of(11, 30_000).withShares(0.05, 0.05, 0.05, 0.05);
    List<Long> progress = new ArrayList<>();

    LandingProducer.Produced produced =
        producer(0.3, 4_000)
            .produce(
                plan,
                RateLimiter.UNLIMITED,
                (records, planned, bytes) -> {
                  assertThat(planned).isEqualTo(30_000);
                  progress.add(records);
                });

    Recount recount = new Recount(plan.maxRecordSize(), NOW);
    for (byte[] content : contents().values()) {
      assertThat(content[content.length - 1]).isEqualTo((byte) '\n');
      int start = 0;
      for (int i = 0; i < content.length; i++) {
        if (content[i] == '\n') {
          recount.line(Arrays.copyOfRange(content, start, i));
          start = i + 1;
        }
      }
    }
    assertThat(produced.counts()).isEqualTo(recount.counts());
    assertThat(produced.filesWritten()).isEqualTo(8);
    assertThat(produced.filesKept()).isZero();
    assertThat(produced.bytes())
        .isEqualTo(contents().values().stream().mapToLong(content -> content.length).sum());
    assertThat(progress)
        .containsExactly(4_000L, 8_000L, 12_000L, 16_000L, 20_000L, 24_000L, 28_000L, 30_000L);
  }

  @Test
  void filesLieInFoldersByDateAndAreNamedByNumberAndSeed() throws Exception {
    producer(0.5, 4_000)
        .produce(ProducePlan.of(11, 30_000), RateLimiter.UNLIMITED, ProduceProgress.SILENT);

    assertThat(contents().keySet())
        .allMatch(
            name -> name.matches("2024-01-0\\d/part-0000\\d-seed11-[0-9a-f]{8}\\.ndjson(\\.gz)?"))
        .anyMatch(name -> name.endsWith(".gz"))
        .anyMatch(name -> name.endsWith(".ndjson"))
        .anyMatch(name -> name.startsWith("2024-01-01/part-00000"));
  }

  @Test
  void aSecondRunLeavesWhatIsThereAndAddsWhatIsMissing() throws Exception {
    ProducePlan plan = ProducePlan.of(11, 10_000);
    LandingProducer producer = producer(0.5, 1_000);
    LandingProducer.Produced first =
        producer.produce(plan, RateLimiter.UNLIMITED, ProduceProgress.SILENT);
    Map<String, byte[]> before = contents();
    FileTime old = FileTime.from(Instant.parse("2025-01-01T00:00:00Z"));
    for (String name : before.keySet()) {
      Files.setLastModifiedTime(landing.resolve(name), old);
    }
    String lost = before.keySet().iterator().next();
    Files.delete(landing.resolve(lost));

    LandingProducer.Produced second =
        producer.produce(plan, RateLimiter.UNLIMITED, ProduceProgress.SILENT);

    assertThat(second.counts()).isEqualTo(first.counts());
    assertThat(second.filesWritten()).isEqualTo(1);
    assertThat(second.filesKept()).isEqualTo(9);
    assertThat(contents()).containsExactlyInAnyOrderEntriesOf(before);
    for (String name : before.keySet()) {
      assertThat(Files.getLastModifiedTime(landing.resolve(name)).equals(old))
          .isEqualTo(!name.equals(lost));
    }
  }

  @Test
  void otherPlansWriteOtherFiles() throws Exception {
    LandingProducer producer = producer(0, 1_000);
    producer.produce(ProducePlan.of(1, 1_500), RateLimiter.UNLIMITED, ProduceProgress.SILENT);
    producer.produce(ProducePlan.of(2, 1_500), RateLimiter.UNLIMITED, ProduceProgress.SILENT);
    producer.produce(ProducePlan.of(1, 1_600), RateLimiter.UNLIMITED, ProduceProgress.SILENT);
    producer.produce(
        ProducePlan.of(1, 1_500).withShares(0, 0, 0, 0),
        RateLimiter.UNLIMITED,
        ProduceProgress.SILENT);

    assertThat(contents()).hasSize(8);
  }

  @Test
  void nothingIsPublishedBeforeItsTime() throws Exception {
    List<String> story = new ArrayList<>();

    producer(0, 100)
        .produce(
            ProducePlan.of(1, 250),
            records -> story.add("wait for " + records + " with " + contents().size() + " files"),
            (records, planned, bytes) -> story.add("out: " + records));

    assertThat(story)
        .containsExactly(
            "wait for 100 with 0 files",
            "out: 100",
            "wait for 200 with 1 files",
            "out: 200",
            "wait for 250 with 2 files",
            "out: 250");
  }

  @Test
  void aSlowRateMakesSmallFiles() throws Exception {
    LandingProducer.Produced produced =
        LandingProducer.of(landing, 0, 50)
            .produce(ProducePlan.of(1, 120), RateLimiter.UNLIMITED, ProduceProgress.SILENT);

    assertThat(produced.filesWritten()).isEqualTo(3);
  }

  @Test
  void eventsThatWouldComeFromTheFutureAreNotWritten() {
    LandingProducer producer =
        LandingProducer.withFilesOf(
            landing, 0, 100, Clock.fixed(Instant.parse("2024-01-01T00:00:00Z"), ZoneOffset.UTC));

    assertThatIOException()
        .isThrownBy(
            () ->
                producer.produce(
                    ProducePlan.of(1, 100), RateLimiter.UNLIMITED, ProduceProgress.SILENT))
        .withMessageContaining("which is still to come");
    assertThat(landing).isEmptyDirectory();
  }

  private LandingProducer producer(double gzip, int records) {
    return LandingProducer.withFilesOf(landing, gzip, records, CLOCK);
  }

  /** By relative name in the order of the files' numbers, decompressed. */
  private Map<String, byte[]> contents() {
    Map<String, byte[]> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(landing)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        try (InputStream plain = Files.newInputStream(file);
            InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(plain) : plain) {
          contents.put(landing.relativize(file).toString(), in.readAllBytes());
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return contents;
  }
}
