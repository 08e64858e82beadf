package clicklake.io.landing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.landing.folder.Compression;
import clicklake.io.landing.folder.LandingFile;
import clicklake.io.landing.folder.LandingFolder;
import clicklake.io.landing.folder.LandingSettings;
import clicklake.io.landing.folder.Listing;
import clicklake.io.landing.folder.Utf8Names;
import clicklake.io.source.Batches;
import clicklake.io.source.FakeLake;
import clicklake.io.source.HandClock;
import clicklake.io.source.ReadSettings;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.offset.OneLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.beam.sdk.io.UnboundedSource.UnboundedReader;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random folders against a model: of every whole landing file each line is handed out once, of a
 * damaged one at most the lines before the damage, and everything else is named or counted.
 */
class LandingFuzzTest {
  private static final long T = 1_767_225_600_000L;
  private static final String[] PARTS = {
    "a",
    "Z z",
    "line\nfeed",
    "*",
    "[x]{y}?",
    "back\\slash",
    "50%41",
    "#q?a=b",
    "ä",
    "日本",
    "\uD83D\uDE00",
    "'\"",
    "~",
    "-",
    "x".repeat(150),
    "\uFFFD",
    "a.json",
    "b.gz",
    "tab\t"
  };
  private static final String[] ENDINGS = {
    ".ndjson",
    ".jsonl",
    ".json",
    ".NDJSON",
    ".JsonL",
    ".ndjson.gz",
    ".json.GZ",
    ".jsonl.zst",
    ".ndjson.bz2"
  };
  private static final String[] OTHER_ENDINGS = {
    ".csv", ".json.tmp", ".ndjson.part", ".gz", "", ".xz"
  };

  @TempDir Path temporary;
  private Path folder;
  private Random random;

  /** Of whole files, by path: the records that must come. */
  private final Map<String, List<String>> whole = new TreeMap<>();

  /** Of damaged files: what would have come. */
  private final Map<String, List<String>> damaged = new HashMap<>();

  private final Set<String> obstacles = new HashSet<>();
  private int leftOut;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void everyLineOfAWholeFileComesOnceAndEverythingElseIsNamedOrCounted(int seed)
      throws IOException {
    random = new Random(seed);
    folder = Files.createDirectory(temporary.resolve("landing"));
    fill();
    HandClock clock = new HandClock();
    ReadSettings reading =
        ReadSettings.DEFAULT
            .withClock(clock)
            .withBatchBytes(1 + random.nextInt(200))
            .withMaxKeptBytes(1 << 16);
    LandingSettings settings =
        LandingSettings.of(folder.toString()).withRangeBytes(1 + random.nextInt(2000));

    Listing listing = LandingFolder.of(folder.toString()).list();
    assertThat(listing.files())
        .extracting(LandingFile::path)
        .doesNotHaveDuplicates()
        .containsAll(whole.keySet())
        .containsAll(damaged.keySet())
        .hasSize(whole.size() + damaged.size());
    assertThat(listing.obstacles())
        .extracting(Listing.Obstacle::name)
        .containsExactlyInAnyOrderElementsOf(obstacles);
    assertThat(listing.leftOut()).isEqualTo(leftOut);

    // Which files are damaged is remembered: either way of reading has to find out by itself.
    FakeLake rounds = new FakeLake();
    boolean roundsFirst = seed % 2 == 0;
    if (roundsFirst) {
      check(rounds(settings, reading, rounds));
    }
    check(continuously(settings, reading, new FakeLake(), clock));
    if (!roundsFirst) {
      check(rounds(settings, reading, rounds));
    }

    Set<String> replaced = new HashSet<>(damaged.keySet());
    for (String path : replaced) {
      List<String> lines = lines();
      put(path, Compressed.of(Compression.of(path), content(lines)), T + 1_000_000);
      whole.put(path, records(lines));
    }
    damaged.clear();
    List<RawBatch> later = rounds(settings, reading, rounds);
    later.removeIf(batch -> !replaced.contains(batch.partition().source()));
    whole.keySet().retainAll(replaced);
    check(later);
  }

  /** Rounds until nothing is left to plan. */
  private static List<RawBatch> rounds(
      LandingSettings settings, ReadSettings reading, FakeLake lake) {
    LandingSource source = LandingSource.of(settings, reading, lake);
    List<RawBatch> all = new ArrayList<>();
    List<LandingRange> plan = source.plan();
    for (int round = 0; !plan.isEmpty(); round++) {
      assertThat(round).isLessThan(3);
      for (LandingRange range : plan) {
        for (LandingRange now : source.renewed(List.of(range))) {
          List<RawBatch> batches = new ArrayList<>();
          try {
            new LandingRangeFn(settings, reading).read(now, Batches.into(batches));
          } catch (IOException failure) {
            throw new AssertionError(failure);
          }
          batches.forEach(lake::cover);
          all.addAll(batches);
        }
      }
      plan = source.plan();
    }
    return all;
  }

  /** Three readers, one a split, until none has anything more. */
  private static List<RawBatch> continuously(
      LandingSettings settings, ReadSettings reading, FakeLake lake, HandClock clock)
      throws IOException {
    List<RawBatch> all = new ArrayList<>();
    for (var split :
        new LandingUnboundedSource(settings, reading, lake)
            .split(3, PipelineOptionsFactory.create())) {
      try (UnboundedReader<RawBatch> reader =
          split.createReader(PipelineOptionsFactory.create(), null)) {
        boolean more = reader.start();
        for (int listing = 0; listing < 3; listing++) {
          for (; more; more = reader.advance()) {
            all.add(reader.getCurrent());
            lake.cover(reader.getCurrent());
          }
          clock.pass(Duration.ofSeconds(20));
          more = reader.advance();
        }
      }
    }
    return all;
  }

  private void check(List<RawBatch> batches) {
    Map<String, List<String>> seen = new TreeMap<>();
    Map<String, Integer> ends = new HashMap<>();
    batches.sort((a, b) -> Long.compare(a.from(), b.from()));
    for (RawBatch batch : batches) {
      String path = batch.partition().source();
      seen.computeIfAbsent(path, first -> new ArrayList<>()).addAll(Batches.records(batch));
      if (batch.last()) {
        ends.merge(path, 1, Integer::sum);
      }
    }
    damaged.forEach(
        (path, records) -> {
          List<String> some = seen.getOrDefault(path, List.of());
          assertThat(records.subList(0, Math.min(some.size(), records.size())))
              .as(path)
              .isEqualTo(some);
          assertThat(ends).as(path).doesNotContainKey(path);
          seen.remove(path);
        });
    assertThat(seen).isEqualTo(whole);
    assertThat(ends.keySet()).isEqualTo(whole.keySet());
    assertThat(ends.values()).containsOnly(1);
  }

  private void fill() throws IOException {
    List<String> folders = new ArrayList<>(List.of(""));
    for (int i = 0; i < 6; i++) {
      String parent = folders.get(random.nextInt(folders.size()));
      if (parent.length() < 1000) {
        folders.add(parent + any(PARTS) + i + "/");
      }
    }
    for (String each : folders) {
      Files.createDirectories(Utf8Names.below(folder, each));
    }
    Path behind = Files.createDirectory(temporary.resolve("behind"));
    for (int i = 0; i < 40; i++) {
      String path = folders.get(random.nextInt(folders.size())) + any(PARTS) + i;
      List<String> lines = lines();
      switch (random.nextInt(10)) {
        case 0 -> {
          put(path + any(OTHER_ENDINGS), content(lines), T);
          leftOut++;
        }
        case 1 -> {
          put(path.replaceFirst("([^/]*)$", "_$1") + any(ENDINGS), content(lines), T);
          leftOut++;
        }
        case 2 -> {
          String name = path + any(ENDINGS);
          Files.createSymbolicLink(Utf8Names.below(folder, name), Path.of("nowhere"));
          obstacles.add(OneLine.of(name));
        }
        case 3 -> {
          Files.createSymbolicLink(Utf8Names.below(folder, path), folder.toAbsolutePath());
          obstacles.add(OneLine.of(path));
        }
        case 4 -> {
          String name = path + any(ENDINGS);
          Path target = behind.resolve("f" + i);
          Files.write(target, Compressed.of(Compression.of(name), content(lines)));
          Files.createSymbolicLink(Utf8Names.below(folder, name), target);
          whole.put(name, records(lines));
        }
        case 5, 6 -> {
          String name = path + any(new String[] {".ndjson.gz", ".JSON.ZST", ".jsonl.bz2"});
          byte[] bytes = Compressed.of(Compression.of(name), content(lines));
          put(name, Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length - 1)), time());
          damaged.put(name, records(lines));
        }
        case 7 -> {
          String name = path + any(ENDINGS);
          put(name, new byte[0], time());
          whole.put(name, List.of());
        }
        default -> {
          String name = path + any(ENDINGS);
          put(name, Compressed.of(Compression.of(name), content(lines)), time());
          whole.put(name, records(lines));
        }
      }
    }
  }

  private long time() {
    return random.nextInt(4) == 0 ? 0 : T + random.nextInt(3);
  }

  private String any(String[] some) {
    return some[random.nextInt(some.length)];
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (int i = random.nextInt(30); i >= 0; i--) {
      lines.add(
          random.nextInt(5) == 0
              ? " \t\r".substring(0, random.nextInt(4))
              : "l" + random.nextInt());
    }
    return lines;
  }

  private byte[] content(List<String> lines) {
    return (String.join("\n", lines) + "\n").getBytes(UTF_8);
  }

  private static List<String> records(List<String> lines) {
    List<String> records = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        records.add(i + "=" + lines.get(i));
      }
    }
    return records;
  }

  private void put(String path, byte[] content, long modified) throws IOException {
    Path file = Utf8Names.below(folder, path);
    Files.write(file, content);
    Files.setLastModifiedTime(file, FileTime.fromMillis(modified));
  }
}
