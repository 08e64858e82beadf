package clicklake.io.landing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.io.SourceException;
import clicklake.io.landing.folder.Compression;
import clicklake.io.landing.folder.FileBrokenException;
import clicklake.io.landing.folder.LandingFile;
import clicklake.io.landing.folder.LandingFolder;
import clicklake.io.landing.folder.LandingSettings;
import clicklake.io.landing.folder.Listing;
import clicklake.io.landing.folder.PassedOver;
import clicklake.io.source.BatchSource;
import clicklake.io.source.Batches;
import clicklake.io.source.FakeLake;
import clicklake.io.source.HandClock;
import clicklake.io.source.ReadSettings;
import clicklake.io.source.ReaderCheckpoint;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.UnboundedSource.UnboundedReader;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.util.CoderUtils;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LandingSourceTest {
  private static final long T = 1_767_225_600_000L;

  @TempDir Path folder;
  private final FakeLake lake = new FakeLake();
  private final HandClock clock = new HandClock();
  private ReadSettings reading = ReadSettings.DEFAULT.withClock(clock);
  private long planBytes = 32 << 20;
  private boolean strict;

  @BeforeEach
  void files() {
    reading = reading.withBatchBytes(1 << 20);
  }

  // Which files, which lines.

  @Test
  void onlyVisibleFilesOfTheKnownEndingsAreRead() throws IOException {
    for (String path :
        List.of(
            "a.ndjson",
            "b.jsonl",
            "c.json",
            "sub/deep/d.ndjson",
            "_e.ndjson",
            ".f.json",
            "g.json.tmp",
            "h.ndjson.part",
            "_tmp/i.json",
            "sub/.hidden/j.json",
            "k.csv",
            "l.gz",
            "json")) {
      write(path, "{}\n", T);
    }
    Files.createDirectories(folder.resolve("folder.json"));

    assertThat(Batches.text(round()))
        .containsExactlyInAnyOrder(
            "a.ndjson/0[0,1) last 0={}",
            "b.jsonl/0[0,1) last 0={}",
            "c.json/0[0,1) last 0={}",
            "sub/deep/d.ndjson/0[0,1) last 0={}");
  }

  @Test
  void blankLinesHaveANumberAndTheLastLineNeedsNoLineFeed() throws IOException {
    write("a.ndjson", "one\n\n \t\r\ntwo\r\nthree", T);

    List<RawBatch> batches = round();

    assertThat(Batches.text(batches)).containsExactly("a.ndjson/0[0,5) last 0=one 3=two\r 4=three");
    assertThat(batches.get(0).partition().identity()).isEqualTo("file:19:" + T);
    RawBatch.Cursor cursor = batches.get(0).cursor();
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.arrivalMillis()).isEqualTo(T);
  }

  @Test
  void anEmptyFileIsFinishedByAnEmptyBatch() throws IOException {
    write("a.ndjson", "", T);

    List<RawBatch> batches = round();
    batches.forEach(lake::cover);

    assertThat(Batches.text(batches)).containsExactly("a.ndjson/0[0,0) last");
    assertThat(source().plan()).isEmpty();
  }

  @Test
  void aMissingFolderIsNamed() {
    assertThatThrownBy(
            () -> landing(LandingSettings.of(folder.resolve("nowhere").toString())).plan())
        .isInstanceOf(SourceException.class)
        .hasMessage(
            "Reading the landing folder "
                + folder.resolve("nowhere")
                + "/: there is no such folder; create it or correct --landing");
  }

  // Resuming and generations.

  @Test
  void aRoundGoesOnAtTheLineWhereBothTablesEndAndStampsWhatTheyCover() throws IOException {
    write("a.ndjson", "0\n1\n2\n3\n", T);
    SourcePartition a = new SourcePartition("a.ndjson", 0, "file:8:" + T);
    lake.coverBronze(a, 0, 3);
    lake.coverSilver(a, 0, 1);
    lake.coverSilver(a, 2, 3);

    List<RawBatch> batches = round();

    assertThat(Batches.text(batches)).containsExactly("a.ndjson/0[1,4) last 1=1 2=2 3=3");
    assertThat(batches.get(0).bronzeCovered()).isEqualTo(OffsetRanges.of(1, 3));
    assertThat(batches.get(0).silverCovered()).isEqualTo(OffsetRanges.of(2, 3));
    assertThat(batches.get(0).seenVersion()).isEqualTo(0);
  }

  @Test
  void aFileCoveredWithoutItsEndIsReadForItsEndAlone() throws IOException {
    write("a.ndjson", "0\n1\n", T);
    SourcePartition a = new SourcePartition("a.ndjson", 0, "file:4:" + T);
    lake.coverBronze(a, 0, 2);
    lake.coverSilver(a, 0, 2);

    assertThat(Batches.text(round())).containsExactly("a.ndjson/0[2,2) last");
  }

  @Test
  void aReplacedFileIsTheNextGeneration() throws IOException {
    write("a.ndjson", "old\n", T);
    round().forEach(lake::cover);
    write("a.ndjson", "newer\n", T + 1);

    List<RawBatch> second = round();
    second.forEach(lake::cover);

    assertThat(Batches.text(second)).containsExactly("a.ndjson/1[0,1) last 0=newer");
    assertThat(source().plan()).isEmpty();
  }

  @Test
  void aLateFileOfAnEarlierTimeIsRead() throws IOException {
    write("b.ndjson", "b\n", T);
    round().forEach(lake::cover);
    write("a.ndjson", "a\n", T - 100_000);

    assertThat(Batches.text(round())).containsExactly("a.ndjson/0[0,1) last 0=a");
  }

  @Test
  void aFileThatTheLedgersLetGoOfIsFoundInBronze() throws IOException {
    write("a.ndjson", "a\n", T);
    write("b.ndjson", "b2\n", T + 5);
    lake.retire(new SourcePartition("a.ndjson", 0, "file:2:" + T), T);
    lake.retire(new SourcePartition("b.ndjson", 3, "file:9:" + T), T);

    assertThat(Batches.text(round())).containsExactly("b.ndjson/4[0,1) last 0=b2");
    assertThat(lake.lookups()).isEqualTo(1);
  }

  @Test
  void aRetiredFileOfTheSameTimeAndAnotherSizeIsRead() throws IOException {
    write("a.ndjson", "replaced\n", T);
    lake.retire(new SourcePartition("a.ndjson", 0, "file:2:" + T), T);

    assertThat(Batches.text(round())).containsExactly("a.ndjson/1[0,1) last 0=replaced");
    lake.forgetSizes();
    assertThat(round()).isEmpty();
  }

  @Test
  void aPartOfAPlanIsRenewedByWhatTheLakeCoversNow() throws IOException {
    write("a.ndjson", "0\n1\n", T);
    write("b.ndjson", "b\n", T + 1);
    write("c.ndjson", "c\n", T + 2);
    LandingSource source = source();
    List<LandingRange> plan = source.plan();
    SourcePartition a = new SourcePartition("a.ndjson", 0, "file:4:" + T);
    lake.coverBronze(a, 0, 1);
    lake.coverSilver(a, 0, 1);
    lake.retire(new SourcePartition("b.ndjson", 0, "file:2:" + (T + 1)), T + 1);

    List<RawBatch> batches = read(source.renewed(plan));

    assertThat(Batches.text(batches))
        .containsExactly("a.ndjson/0[1,2) last 1=1", "c.ndjson/0[0,1) last 0=c");
    assertThat(batches).extracting(RawBatch::seenVersion).containsOnly(0L);
  }

  @Test
  void aFileThatIsListedAsUnfinishedIsNotTakenForARetiredOneOfTheSameTime() throws IOException {
    write("a.ndjson", "replaced\n", T);
    SourcePartition old = new SourcePartition("a.ndjson", 0, "file:2:" + T);
    lake.retire(old, T);
    lake.coverBronze(old, 0, 1);

    assertThat(Batches.text(round())).containsExactly("a.ndjson/1[0,1) last 0=replaced");
  }

  // Compressed files.

  @Test
  void aCompressedFileOfSeveralMembersIsReadWhole() throws IOException {
    byte[] members = join(gzip("0\n1\n2"), gzip("2\n3\n"));
    write("a.ndjson.gz", members, T);
    SourcePartition a = new SourcePartition("a.ndjson.gz", 0, "file:" + members.length + ":" + T);
    lake.coverBronze(a, 0, 1);
    lake.coverSilver(a, 0, 1);

    assertThat(Batches.text(round())).containsExactly("a.ndjson.gz/0[1,4) last 1=1 2=22 3=3");
  }

  @Test
  void zerosAfterACompressedFileAreNothingAndAnythingElseIsDamage() throws IOException {
    write("zeros.ndjson.gz", join(gzip("0\n1\n"), new byte[100_000]), T);
    write("other.ndjson.gz", join(gzip("0\n"), new byte[] {0, 0, 7}), T);
    write("letters.ndjson.gz", join(gzip("0\n"), "x".getBytes(UTF_8)), T);

    assertThat(Batches.text(round())).containsExactly("zeros.ndjson.gz/0[0,2) last 0=0 1=1");
  }

  @Test
  void anEmptyFileWithACompressedNameIsAnEmptyFile() throws IOException {
    List<String> names = List.of("a.json.gz", "b.json.zst", "c.json.bz2");
    for (String name : names) {
      write(name, "", T);
    }

    List<RawBatch> batches = round();
    batches.forEach(lake::cover);

    assertThat(Batches.text(batches))
        .containsExactly(
            "a.json.gz/0[0,0) last", "b.json.zst/0[0,0) last", "c.json.bz2/0[0,0) last");
    assertThat(source().plan()).isEmpty();
  }

  @Test
  void zstandardAndBzip2AreReadInSeveralFramesToo() throws IOException {
    write("a.json.zst", join(zstd("0\n1"), zstd("1\n2\n")), T);
    write("b.ndjson.BZ2", join(bzip2("0\n1"), bzip2("1\n2\n")), T + 1);

    assertThat(Batches.text(round()))
        .containsExactly(
            "a.json.zst/0[0,3) last 0=0 1=11 2=2", "b.ndjson.BZ2/0[0,3) last 0=0 1=11 2=2");
  }

  @Test
  void aDamagedFileIsPassedOverUntilItIsReplaced() throws IOException {
    byte[] whole = gzip("0\n1\n2\n".repeat(100));
    write("a.json.gz", Arrays.copyOf(whole, whole.length - 9), T);
    write("b.json", "{}\n", T);

    List<RawBatch> first = round();
    first.forEach(lake::cover);
    assertThat(Batches.text(first)).containsExactly("b.json/0[0,1) last 0={}");
    assertThat(source().plan()).isEmpty();
    assertThat(lake.read().finished())
        .extracting(SourcePartition::source)
        .containsExactly("b.json");

    write("a.json.gz", gzip("0\n"), T + 1);
    List<RawBatch> second = round();
    second.forEach(lake::cover);
    assertThat(Batches.text(second)).containsExactly("a.json.gz/0[0,1) last 0=0");
    assertThat(source().plan()).isEmpty();
  }

  @Test
  void damageInAnyFormatIsFoundAndNeverTheEndOfAFile() throws IOException {
    Map<String, byte[]> whole = new LinkedHashMap<>();
    String text = "0123456789\n".repeat(3000);
    whole.put("a.json.gz", gzip(text));
    whole.put("b.json.zst", zstd(text));
    whole.put("c.json.bz2", bzip2(text));
    int number = 0;
    for (Map.Entry<String, byte[]> entry : whole.entrySet()) {
      byte[] bytes = entry.getValue();
      for (int cut : new int[] {1, 2, bytes.length / 2, bytes.length - 1}) {
        write(number++ + "-cut-" + entry.getKey(), Arrays.copyOf(bytes, cut), T);
      }
      byte[] flipped = bytes.clone();
      flipped[bytes.length / 2] ^= 0x55;
      write(number++ + "-flipped-" + entry.getKey(), flipped, T);
      write(number++ + "-followed-" + entry.getKey(), join(bytes, "garbage".getBytes(UTF_8)), T);
    }
    write("text.json.gz", "{}\n", T);
    write("text.json.zst", "{}\n", T);
    write("text.json.bz2", "{}\n", T);

    assertThat(round()).noneMatch(RawBatch::last);
    assertThat(source().plan()).isEmpty();
  }

  @Test
  void aContinuousReaderGoesOnBehindADamagedFile() throws IOException {
    byte[] whole = gzip("0\n1\n2\n".repeat(100));
    write("a.json.gz", Arrays.copyOf(whole, whole.length - 9), T);
    write("b.json", "b\n", T + 1);
    UnboundedReader<RawBatch> reader = reader(null);

    assertThat(reader.start()).isTrue();
    assertThat(Batches.text(reader.getCurrent())).isEqualTo("b.json/0[0,1) last 0=b");
    clock.pass(Duration.ofSeconds(2));
    assertThat(reader.advance()).isFalse();
    write("a.json.gz", gzip("0\n"), T + 1);
    clock.pass(Duration.ofSeconds(2));
    assertThat(Batches.text(drain(reader, 1))).containsExactly("a.json.gz/0[0,1) last 0=0");
    reader.close();
  }

  @Test
  void linesOfADamagedFileThatSilverHasNotDecidedAreReadAgainWhenTheReaderGoesBack()
      throws IOException {
    reading = reading.withBatchBytes(2).withRereadAfter(Duration.ofMinutes(10));
    write("a.json.gz", damagedAfterTwoLines(), T);
    UnboundedReader<RawBatch> reader = reader(null);
    assertThat(reader.start()).isTrue();
    RawBatch first = reader.getCurrent();
    List<String> all = new ArrayList<>(List.of(Batches.text(first)));
    all.addAll(Batches.text(drain(reader, 9)));
    assertThat(all).containsExactly("a.json.gz/0[0,1) 0=0", "a.json.gz/0[1,2) 1=1");
    lake.coverBronze(first.partition(), 0, 2);
    lake.coverSilver(first.partition(), 0, 1);

    clock.pass(Duration.ofMinutes(1));
    assertThat(reader.advance()).isFalse();
    clock.pass(Duration.ofMinutes(10));
    assertThat(Batches.text(drain(reader, 9))).containsExactly("a.json.gz/0[1,2) 1=1");
    lake.coverSilver(first.partition(), 1, 2);
    clock.pass(Duration.ofMinutes(30));
    assertThat(drain(reader, 9)).isEmpty();
    reader.close();
  }

  @Test
  void linesOfADamagedFileThatSilverHasNotDecidedAreReadAgainInTheNextRound() throws IOException {
    reading = reading.withBatchBytes(2);
    byte[] damaged = damagedAfterTwoLines();
    write("a.json.gz", damaged, T);
    SourcePartition a = new SourcePartition("a.json.gz", 0, "file:" + damaged.length + ":" + T);
    assertThat(Batches.text(round()))
        .containsExactly("a.json.gz/0[0,1) 0=0", "a.json.gz/0[1,2) 1=1");
    assertThat(round()).isEmpty();
    lake.coverBronze(a, 0, 2);
    lake.coverSilver(a, 0, 1);

    assertThat(Batches.text(round())).containsExactly("a.json.gz/0[1,2) 1=1");
    assertThat(Batches.text(round())).containsExactly("a.json.gz/0[1,2) 1=1");
    lake.coverSilver(a, 1, 2);
    assertThat(source().plan()).isEmpty();
    write("a.json.gz", Arrays.copyOf(damaged, damaged.length - 1), T + 1);
    assertThat(Batches.text(round()))
        .containsExactly("a.json.gz/1[0,1) 0=0", "a.json.gz/1[1,2) 1=1");
    assertThat(source().plan()).isEmpty();
  }

  /** Two whole lines, each in a member of its own, and a member that is cut off. */
  private static byte[] damagedAfterTwoLines() throws IOException {
    byte[] cut = gzip("2\n");
    return join(join(gzip("0\n"), gzip("1\n")), Arrays.copyOf(cut, cut.length - 4));
  }

  @Test
  void aDamagedFileStopsAStrictJob() throws IOException {
    strict = true;
    byte[] whole = gzip("0\n1\n2\n".repeat(100));
    write("sub/a.json.gz", Arrays.copyOf(whole, whole.length - 9), T);
    String message =
        "Reading landing file sub/a.json.gz in "
            + folder
            + "/: the compressed data is damaged or cut off; replace the file with a whole one"
            + " or take it out of the landing folder";

    assertThatThrownBy(this::round).isInstanceOf(SourceException.class).hasMessage(message);
    UnboundedReader<RawBatch> reader = reader(null);
    assertThatThrownBy(reader::start).isInstanceOf(SourceException.class).hasMessage(message);
    reader.close();
  }

  @Test
  void aFileThatTheDiskDoesNotGiveIsTriedAgain() throws IOException {
    write("a.ndjson", "0\n1\n", T);
    LandingFile file = LandingFolder.of(folder.toString()).list().files().get(0);
    FailingFolder failing = new FailingFolder(LandingFolder.of(folder.toString()));
    FileSpan span = FileSpan.from(file, file.generation(0), 0, RawBatch.Seen.NOTHING);

    assertThatThrownBy(
            () -> {
              try (FileBlocks blocks = FileBlocks.open(failing, span, reading)) {
                blocks.next();
              }
            })
        .isInstanceOf(FileBrokenException.class)
        .hasMessage(
            "Reading landing file a.ndjson in "
                + folder
                + "/: it cannot be read (Input/output error); look at the disk, or take the file out"
                + " of the landing folder")
        .matches(broken -> !((FileBrokenException) broken).damaged());
  }

  /** A folder on a disk that gives names and no bytes. */
  private static final class FailingFolder extends LandingFolder {
    private final LandingFolder folder;

    FailingFolder(LandingFolder folder) {
      this.folder = folder;
    }

    @Override
    public Listing list() throws IOException {
      return folder.list();
    }

    @Override
    public Optional<LandingFile> stat(String path) throws IOException {
      return folder.stat(path);
    }

    @Override
    public ReadableByteChannel open(LandingFile file) {
      return Channels.newChannel(
          new InputStream() {
            @Override
            public int read() throws IOException {
              throw new IOException("Input/output error");
            }
          });
    }

    @Override
    public boolean failsByFile() {
      return true;
    }

    @Override
    public String toString() {
      return folder.toString();
    }
  }

  // Long lines.

  @Test
  void ofALongLineTheHeadItsLengthAndItsDigestAreHandedOut() throws IOException {
    reading = reading.withBatchBytes(8).withMaxKeptBytes(10);
    String longLine = "x".repeat(5000);
    write("a.ndjson", "one\n" + longLine + "\nten bytes.\n" + " ".repeat(11) + "\nend", T);
    write("b.ndjson.gz", gzip(longLine), T + 1);

    List<RawBatch> batches = round();
    batches.forEach(lake::cover);

    assertThat(Batches.records(batches))
        .containsExactly(
            "a.ndjson/0:0=one",
            "a.ndjson/0:1=xxxxxxxxxx of 5000 " + sha256(longLine),
            "a.ndjson/0:2=ten bytes.",
            "a.ndjson/0:4=end",
            "b.ndjson.gz/0:0=xxxxxxxxxx of 5000 " + sha256(longLine));
    assertThat(batches.get(1).cursor().next()).isTrue();
    assertThat(source().plan()).isEmpty();
    assertThat(Batches.records(all(reader(null)))).isEmpty();
  }

  private static String sha256(String text) {
    return HexFormat.of().formatHex(RawBatch.sha256().digest(text.getBytes(UTF_8)));
  }

  // Files that change under the reader.

  @Test
  void aFileReplacedAfterThePlanIsLeftToTheNextListing() throws IOException {
    write("a.ndjson", "old\n", T);
    write("b.ndjson", "b\n", T);
    List<LandingRange> plan = source().plan();
    write("a.ndjson", "new\n", T + 1);

    assertThat(Batches.text(read(plan))).containsExactly("b.ndjson/0[0,1) last 0=b");
    assertThat(Batches.text(round()))
        .containsExactlyInAnyOrder("a.ndjson/0[0,1) last 0=new", "b.ndjson/0[0,1) last 0=b");
  }

  @Test
  void aFileDeletedAfterThePlanIsPassedOver() throws IOException {
    write("a.ndjson", "a\n", T);
    List<LandingRange> plan = source().plan();
    Files.delete(folder.resolve("a.ndjson"));

    assertThat(read(plan)).isEmpty();
  }

  @Test
  void aFileReplacedWhileItIsReadDoesNotEnd() throws IOException {
    reading = reading.withBatchBytes(4);
    write("a.ndjson", "one\ntwo\nend\n", T);
    UnboundedReader<RawBatch> reader = reader(null);
    List<String> seen = new ArrayList<>();

    assertThat(reader.start()).isTrue();
    seen.add(Batches.text(reader.getCurrent()));
    write("a.ndjson", "ONE\nTWO\n", T + 1);
    seen.addAll(Batches.text(drain(reader, 1)));
    clock.pass(Duration.ofSeconds(2));
    seen.addAll(Batches.text(drain(reader, 2)));
    reader.close();

    assertThat(seen)
        .containsExactly(
            "a.ndjson/0[0,1) 0=one",
            "a.ndjson/0[1,2) 1=two",
            "a.ndjson/1[0,1) 0=ONE",
            "a.ndjson/1[1,2) last 1=TWO");
  }

  @Test
  void aFileWhoseFolderCannotBeEnteredAnyMoreIsTriedAgain() throws IOException {
    reading = reading.withBatchBytes(4);
    write("sub/a.ndjson", "one\ntwo\nend\n", T);
    UnboundedReader<RawBatch> reader = reader(null);
    assertThat(reader.start()).isTrue();
    assertThat(Batches.text(reader.getCurrent())).isEqualTo("sub/a.ndjson/0[0,1) 0=one");
    bar("sub");
    assertThat(Batches.text(drain(reader, 9))).containsExactly("sub/a.ndjson/0[1,2) 1=two");

    unbar("sub");
    clock.pass(Duration.ofSeconds(2));
    assertThat(Batches.text(drain(reader, 9))).containsExactly("sub/a.ndjson/0[2,3) last 2=end");
    reader.close();
  }

  @Test
  void aLargeFileThatCannotBeReadIsCountedInARound() throws IOException {
    planBytes = 4;
    write("sub/a.ndjson", "one\ntwo\nend\n", T);
    LandingFolder real = LandingFolder.of(folder.toString());
    LandingFile file = real.list().files().get(0);

    List<LandingRange> plan =
        LandingRangePlan.of(
            new FailingFolder(real), settings(), new PassedOver(), lake, new HashSet<>());
    assertThat(plan)
        .containsExactly(
            new LandingRange(
                List.of(FileSpan.from(file, file.generation(0), 0, RawBatch.Seen.NOTHING))));
    bar("sub");
    Batches.CollectFn collect = new Batches.CollectFn();
    Pipeline pipeline = Pipeline.create(options());
    pipeline.apply(source().read(plan)).apply(ParDo.of(collect));
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();

    assertThat(collect.collected()).isEmpty();
    assertThat(
            result
                .metrics()
                .queryMetrics(
                    MetricsFilter.builder()
                        .addNameFilter(MetricNameFilter.named("source", "files_unreadable"))
                        .build())
                .getCounters())
        .extracting(MetricResult::getCommitted)
        .containsExactly(1L);
  }

  /** Puts a link that leads to itself in a folder's place: nobody can look at what is in it. */
  private void bar(String name) throws IOException {
    Files.move(folder.resolve(name), folder.resolve("_" + name));
    Files.createSymbolicLink(folder.resolve(name), Path.of(name));
  }

  private void unbar(String name) throws IOException {
    Files.delete(folder.resolve(name));
    Files.move(folder.resolve("_" + name), folder.resolve(name));
  }

  // Ranges.

  @Property(tries = 60)
  void rangesOfAnySizeHoldEveryLineOnce(
      @ForAll @IntRange(min = 1, max = 60) int rangeBytes,
      @ForAll @IntRange(min = 1, max = 30) int batchBytes,
      @ForAll @IntRange(min = 0, max = 12) int covered)
      throws IOException {
    FakeLake own = new FakeLake();
    Path root = Files.createTempDirectory("ranges");
    StringBuilder content = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String line = "x".repeat(i * 7 % 11);
      content.append(line).append('\n');
      if (i >= covered && !line.isEmpty()) {
        expected.add("a.ndjson/0:" + i + "=" + line);
      }
    }
    Path file = root.resolve("a.ndjson");
    Files.writeString(file, content);
    SourcePartition a =
        new SourcePartition(
            "a.ndjson",
            0,
            "file:" + content.length() + ":" + Files.getLastModifiedTime(file).toMillis());
    own.coverBronze(a, 0, covered);
    own.coverSilver(a, 0, covered);
    LandingSource source =
        LandingSource.of(
            LandingSettings.of(root.toString()).withRangeBytes(rangeBytes), reading, own);

    List<RawBatch> batches = new ArrayList<>();
    for (LandingRange range : source.plan()) {
      LandingRange sent =
          CoderUtils.decodeFromByteArray(
              LandingRangeCoder.of(), CoderUtils.encodeToByteArray(LandingRangeCoder.of(), range));
      assertThat(sent).isEqualTo(range);
      new LandingRangeFn(LandingSettings.of(root.toString()), reading.withBatchBytes(batchBytes))
          .read(sent, Batches.into(batches));
    }

    assertThat(Batches.records(batches)).isEqualTo(expected);
    batches.forEach(own::cover);
    assertThat(own.read().covered(a)).isEqualTo(OffsetRanges.of(0, 12));
    assertThat(own.read().finished()).containsExactly(a);
    assertThat(source.plan()).isEmpty();
    Files.delete(file);
    Files.delete(root);
  }

  @Test
  void smallFilesAreReadTogether() throws IOException {
    for (int i = 0; i < 10; i++) {
      write("f" + i + ".json", "{}\n", T + i);
    }
    planBytes = 12;

    assertThat(source().plan()).extracting(LandingRange::bytes).containsExactly(12L, 12L, 6L);
  }

  @Test
  void aRangeHasNoMoreThanFiveHundredFilesAndNoMoreThanSomeNames() throws IOException {
    for (int i = 0; i < 1001; i++) {
      write("f" + i + ".json", "", T);
    }
    assertThat(source().plan())
        .extracting(range -> range.spans().size())
        .containsExactly(500, 500, 1);

    String folders = (("d".repeat(250) + "/").repeat(13));
    for (int i = 0; i < 50; i++) {
      write(folders + "f" + i + ".json", "", T - 1);
    }
    assertThat(source().plan())
        .extracting(range -> range.spans().size())
        .containsExactly(40, 10 + 490, 500, 11);
  }

  // Continuous.

  @Test
  void aReaderPicksUpNewFilesAndNamesAreSharedAmongSplits() throws IOException {
    write("a.ndjson", "a\n", T);
    UnboundedReader<RawBatch> reader = reader(null);
    assertThat(reader.start()).isTrue();
    assertThat(Batches.text(reader.getCurrent())).isEqualTo("a.ndjson/0[0,1) last 0=a");
    assertThat(reader.getCurrentTimestamp().getMillis()).isEqualTo(T);

    write("b.ndjson", "b\n", T - 1);
    assertThat(reader.advance()).isFalse();
    clock.pass(Duration.ofSeconds(2));
    assertThat(Batches.text(drain(reader, 1))).containsExactly("b.ndjson/0[0,1) last 0=b");
    reader.close();

    List<String> ofSplits = new ArrayList<>();
    for (BatchSource split : unbounded().split(3, options())) {
      UnboundedReader<RawBatch> one = split.createReader(options(), null);
      if (one.start()) {
        ofSplits.add(Batches.text(one.getCurrent()));
        ofSplits.addAll(Batches.text(drain(one, 1)));
      }
      one.close();
    }
    assertThat(ofSplits)
        .containsExactlyInAnyOrder("a.ndjson/0[0,1) last 0=a", "b.ndjson/0[0,1) last 0=b");
  }

  @Test
  void aMarkOfThisProcessIsTakenAsItIsAndAnyOtherNotAboveTheLake() throws IOException {
    reading = reading.withBatchBytes(4);
    write("a.ndjson", "one\ntwo\nend\n", T);
    UnboundedReader<RawBatch> first = reader(null);
    assertThat(first.start()).isTrue();
    assertThat(first.advance()).isTrue();
    ReaderCheckpoint mark = (ReaderCheckpoint) first.getCheckpointMark();
    first.close();

    assertThat(Batches.text(all(reader(mark)))).containsExactly("a.ndjson/0[2,3) last 2=end");
    SourcePartition a = new SourcePartition("a.ndjson", 0, "file:12:" + T);
    lake.coverBronze(a, 0, 1);
    lake.coverSilver(a, 0, 1);
    assertThat(Batches.text(all(reader(ofAnotherRun(mark)))))
        .containsExactly("a.ndjson/0[1,2) 1=two", "a.ndjson/0[2,3) last 2=end");
  }

  @Test
  void whenTheLakeStandsStillTheReaderGoesBack() throws IOException {
    reading = reading.withRereadAfter(Duration.ofMinutes(10));
    write("a.ndjson", "one\ntwo\n", T);
    UnboundedReader<RawBatch> reader = reader(null);
    assertThat(reader.start()).isTrue();
    RawBatch batch = reader.getCurrent();
    lake.coverBronze(batch.partition(), 0, 2);
    lake.coverSilver(batch.partition(), 0, 1);

    clock.pass(Duration.ofMinutes(1));
    assertThat(reader.advance()).isFalse();
    clock.pass(Duration.ofMinutes(9));
    assertThat(reader.advance()).isFalse();
    clock.pass(Duration.ofMinutes(1));
    assertThat(Batches.text(drain(reader, 1))).containsExactly("a.ndjson/0[1,2) last 1=two");
    lake.cover(reader.getCurrent());
    clock.pass(Duration.ofMinutes(30));
    assertThat(reader.advance()).isFalse();
    assertThat(((ReaderCheckpoint) reader.getCheckpointMark()).positions()).isEmpty();
    reader.close();
  }

  @Test
  void aReaderPausesWhileTooMuchIsOnItsWay() throws IOException {
    reading = reading.withBatchBytes(4).withMaxInFlightBytes(7);
    write("a.ndjson", "one\ntwo\nend\n", T);
    UnboundedReader<RawBatch> reader = reader(null);
    assertThat(reader.start()).isTrue();
    RawBatch first = reader.getCurrent();
    assertThat(reader.advance()).isTrue();
    assertThat(reader.advance()).isFalse();
    lake.cover(first);
    assertThat(reader.advance()).isFalse();
    clock.pass(Duration.ofSeconds(1));

    assertThat(reader.advance()).isTrue();
    assertThat(Batches.text(reader.getCurrent())).isEqualTo("a.ndjson/0[2,3) last 2=end");
    reader.close();
  }

  @Test
  void aNumberThatTheLakeGaveToOtherContentIsNotUsed() throws IOException {
    write("a.ndjson", "mine\n", T);
    UnboundedReader<RawBatch> reader = reader(null);
    assertThat(reader.start()).isTrue();
    lake.coverBronze(new SourcePartition("a.ndjson", 0, "file:1:1"), 0, 1);

    clock.pass(Duration.ofSeconds(30));

    assertThat(Batches.text(drain(reader, 1))).containsExactly("a.ndjson/1[0,1) last 0=mine");
    reader.close();
  }

  @Test
  void batchesOfANewFileKeepTheVersionThatItWasFoundNewAt() throws IOException {
    reading = reading.withBatchBytes(4);
    lake.coverBronze(new SourcePartition("other.ndjson", 0, "file:1:1"), 0, 1);
    write("a.ndjson", "one\ntwo\nend\n", T);
    UnboundedReader<RawBatch> reader = reader(null);
    assertThat(reader.start()).isTrue();
    RawBatch first = reader.getCurrent();
    assertThat(first.seenVersion()).isZero();
    lake.coverBronze(new SourcePartition("other.ndjson", 0, "file:1:1"), 1, 2);
    clock.pass(Duration.ofSeconds(10));

    assertThat(drain(reader, 1)).extracting(RawBatch::seenVersion).containsExactly(0L);
    UnboundedReader<RawBatch> reopened = reader((ReaderCheckpoint) reader.getCheckpointMark());
    reader.close();
    assertThat(reopened.start()).isTrue();
    assertThat(reopened.getCurrent().seenVersion()).isZero();
    reopened.close();
    lake.cover(first);
    assertThat(round()).extracting(RawBatch::seenVersion).containsOnly(2L);
  }

  @Test
  void aWaitingFileThatAnotherCopyFinishedAndRetiredIsLeftAside() throws IOException {
    write("a.ndjson", "a\n", T);
    write("b.ndjson", "b\n", T + 1);
    UnboundedReader<RawBatch> reader = reader(null);
    assertThat(reader.start()).isTrue();
    lake.retire(new SourcePartition("b.ndjson", 0, "file:2:" + (T + 1)), T + 1);
    clock.pass(Duration.ofSeconds(10));

    assertThat(reader.advance()).isFalse();
    reader.close();
  }

  // On a runner.

  @Test
  void directRunnerReadsARound() throws IOException {
    write("a.ndjson", "a0\na1\n", T);
    write("b.json.gz", gzip("b0\n"), T);
    Batches.CollectFn collect = new Batches.CollectFn();
    Pipeline pipeline = Pipeline.create(options());
    pipeline.apply(source().read(source().plan())).apply(ParDo.of(collect));

    pipeline.run().waitUntilFinish();

    assertThat(Batches.text(collect.collected()))
        .containsExactlyInAnyOrder("a.ndjson/0[0,2) last 0=a0 1=a1", "b.json.gz/0[0,1) last 0=b0");
  }

  @Test
  void directRunnerReadsContinuously() throws IOException {
    reading = ReadSettings.DEFAULT.withBatchBytes(16);
    List<String> expected = new ArrayList<>();
    for (int file = 0; file < 5; file++) {
      StringBuilder content = new StringBuilder();
      for (int line = 0; line < 200; line++) {
        content.append("value").append(line).append('\n');
        expected.add("f" + file + ".ndjson/0:" + line + "=value" + line);
      }
      write("f" + file + ".ndjson", content.toString(), T + file);
    }
    Batches.CollectFn collect = new Batches.CollectFn();
    DirectOptions options = options();
    options.setBlockOnRun(false);
    Pipeline pipeline = Pipeline.create(options);
    pipeline.apply(source().continuous()).apply(ParDo.of(collect));
    PipelineResult result = pipeline.run();
    ConcurrentLinkedQueue<RawBatch> collected = collect.collected();
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> Batches.records(collected).size() >= expected.size());
    write("late.ndjson", "late\n", T - 1);
    expected.add("late.ndjson/0:0=late");
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> Batches.records(collected).size() >= expected.size());
    result.cancel();

    assertThat(Batches.records(collected)).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static DirectOptions options() {
    DirectOptions options = PipelineOptionsFactory.create().as(DirectOptions.class);
    options.setRunner(DirectRunner.class);
    return options;
  }

  private LandingSource source() {
    return landing(settings());
  }

  private LandingSettings settings() {
    return LandingSettings.of(folder.toString())
        .withRangeBytes(planBytes)
        .withStrictFiles(strict)
        .withPollEvery(reading.clock() == clock ? Duration.ofSeconds(2) : Duration.ofMillis(100));
  }

  private LandingSource landing(LandingSettings settings) {
    return LandingSource.of(settings, reading, lake);
  }

  private LandingUnboundedSource unbounded() {
    return new LandingUnboundedSource(settings(), reading, lake);
  }

  private UnboundedReader<RawBatch> reader(@Nullable ReaderCheckpoint mark) {
    return unbounded().createReader((PipelineOptions) options(), mark);
  }

  private static ReaderCheckpoint ofAnotherRun(ReaderCheckpoint mark) {
    return new ReaderCheckpoint("another run", mark.positions());
  }

  private List<RawBatch> round() throws IOException {
    return read(source().plan());
  }

  private List<RawBatch> read(List<LandingRange> plan) throws IOException {
    List<RawBatch> batches = new ArrayList<>();
    for (LandingRange range : plan) {
      new LandingRangeFn(settings(), reading).read(range, Batches.into(batches));
    }
    return batches;
  }

  private static List<RawBatch> drain(UnboundedReader<RawBatch> reader, int count)
      throws IOException {
    List<RawBatch> batches = new ArrayList<>();
    while (batches.size() < count && reader.advance()) {
      batches.add(reader.getCurrent());
    }
    return batches;
  }

  private static List<RawBatch> all(UnboundedReader<RawBatch> reader) throws IOException {
    try (reader) {
      List<RawBatch> batches = new ArrayList<>();
      if (reader.start()) {
        batches.add(reader.getCurrent());
        batches.addAll(drain(reader, Integer.MAX_VALUE));
      }
      return batches;
    }
  }

  private void write(String path, String content, long modified) {
    write(path, content.getBytes(UTF_8), modified);
  }

  /** As a well-behaved writer does: under another name first. */
  private void write(String path, byte[] content, long modified) {
    try {
      Path target = folder.resolve(path);
      Files.createDirectories(target.getParent());
      Path hidden = target.resolveSibling(".writing");
      Files.write(hidden, content);
      Files.setLastModifiedTime(hidden, FileTime.fromMillis(modified));
      Files.move(hidden, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static byte[] gzip(String text) throws IOException {
    return Compressed.of(Compression.GZIP, text.getBytes(UTF_8));
  }

  private static byte[] zstd(String text) throws IOException {
    return Compressed.of(Compression.ZSTD, text.getBytes(UTF_8));
  }

  private static byte[] bzip2(String text) throws IOException {
    return Compressed.of(Compression.BZIP2, text.getBytes(UTF_8));
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
