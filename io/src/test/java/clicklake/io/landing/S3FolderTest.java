package clicklake.io.landing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.io.SourceException;
import clicklake.io.landing.folder.FileChangedException;
import clicklake.io.landing.folder.LandingFile;
import clicklake.io.landing.folder.LandingFolder;
import clicklake.io.landing.folder.LandingSettings;
import clicklake.io.landing.folder.Listing;
import clicklake.io.source.Batches;
import clicklake.io.source.FakeLake;
import clicklake.io.source.HandClock;
import clicklake.io.source.ReadSettings;
import clicklake.io.storage.S3Files;
import clicklake.io.testing.ObjectStore;
import clicklake.io.testing.StoreRequests;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.LandedGeneration;
import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.io.UnboundedSource.UnboundedReader;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;

/** A landing folder in a real store that speaks S3. */
class S3FolderTest {
  private static final long T = 1_767_225_600_000L;

  private final ObjectStore store = ObjectStore.shared();
  private final String bucket = store.newBucket();
  private final S3Files files = new S3Files(store.settings());
  private final FakeLake lake = new FakeLake();
  private final HandClock clock = new HandClock();
  private final ReadSettings reading = ReadSettings.DEFAULT.withClock(clock);
  private LandingSettings settings =
      LandingSettings.of("s3://" + bucket + "/in").withStorage(store.settings().properties());

  // Listing.

  @Test
  void tenThousandObjectsAreListedInTenRequestsAndNoneIsLookedAt() throws IOException {
    Path folder = Files.createDirectories(store.folder(bucket).resolve("in"));
    for (int i = 0; i < 10_000; i++) {
      Files.createFile(folder.resolve("part-%05d.ndjson".formatted(i)));
    }

    Listing listing = LandingFolder.of(settings).list();

    assertThat(listing.files()).hasSize(10_000);
    assertThat(StoreRequests.sent(bucket, "ListObjectsV2")).isBetween(10, 11);
    assertThat(StoreRequests.sent(bucket)).isLessThanOrEqualTo(11);
  }

  @Test
  void anyNameIsListedAndReadAsItIs() throws IOException {
    List<String> names =
        List.of(
            "a b.ndjson",
            "100%.ndjson",
            "%41+b.ndjson",
            "ünïcødé/日本/😀.jsonl",
            "what?.json",
            "all*[x]{y}.json",
            "'quoted' & <marked>.json",
            "deep/er/CAPITALS.NDJSON");
    for (String name : names) {
      put(name, name + "\n");
    }

    assertThat(list().files()).extracting(LandingFile::path).hasSameElementsAs(names);
    assertThat(Batches.records(round()))
        .containsExactlyInAnyOrderElementsOf(
            names.stream().map(name -> name + "/0:0=" + name).toList());
  }

  @Test
  void objectsOfOtherFoldersAndThoseThatStandForFoldersAreNone() throws IOException {
    put("a.ndjson", "one\n");
    put("", "");
    put("sub/", "");
    put("_hidden/b.ndjson", "x\n");
    put("c.csv", "x\n");
    putAt("in-other/d.ndjson", "x\n".getBytes(UTF_8));

    Listing listing = list();

    assertThat(listing.files()).extracting(LandingFile::path).containsExactly("a.ndjson");
    assertThat(listing.leftOut()).isEqualTo(2);
    assertThat(listing.obstacles()).isEmpty();
  }

  @Test
  void aBucketIsALandingFolderToo() throws IOException {
    putAt("a.ndjson", "one\n".getBytes(UTF_8));
    settings = LandingSettings.of("s3://" + bucket).withStorage(settings.storage());

    assertThat(Batches.text(round())).containsExactly("a.ndjson/0[0,1) last 0=one");
  }

  @Test
  void anotherObjectOfTheSameSizeAndTimeIsTheNextGeneration() throws IOException {
    put("a.ndjson", "one\n");
    touch("a.ndjson");
    List<RawBatch> first = round();
    first.forEach(lake::cover);
    assertThat(first.get(0).partition().identity()).matches("file:4:" + T + ":\\w+");
    assertThat(source().plan()).isEmpty();

    put("a.ndjson", "two\n");
    touch("a.ndjson");
    List<RawBatch> second = round();
    second.forEach(lake::cover);

    assertThat(Batches.text(second)).containsExactly("a.ndjson/1[0,1) last 0=two");
    assertThat(source().plan()).isEmpty();
  }

  @Test
  void anObjectThatAnEarlierVersionReadIsKnownWithoutItsTag() throws IOException {
    put("a.ndjson", "one\ntwo\n");
    touch("a.ndjson");
    SourcePartition earlier = new SourcePartition("a.ndjson", 0, "file:8:" + T);
    lake.coverBronze(earlier, 0, 1);
    lake.coverSilver(earlier, 0, 1);

    List<RawBatch> batches = round();
    batches.forEach(lake::cover);

    assertThat(Batches.text(batches)).containsExactly("a.ndjson/0[1,2) last 1=two");
    assertThat(batches.get(0).partition()).isEqualTo(earlier);
    assertThat(source().plan()).isEmpty();
  }

  @Test
  void anObjectWithATagIsRememberedByBronzesFiles() {
    SourcePartition tagged = new SourcePartition("a.ndjson", 2, "file:8:" + T + ":a:tag");

    assertThat(LandedGeneration.of(LandedGeneration.metadata(List.of(tagged))))
        .containsExactly(new LandedGeneration(LandedGeneration.hash("a.ndjson"), 2, T, 8));
  }

  // Reading.

  @Test
  void emptyCompressedAndLargeObjectsAreReadToTheirEnds() throws IOException {
    put("empty.ndjson", "");
    put("empty.json.gz", "");
    put("small.ndjson.gz", gzip("one\ntwo\n"));
    String line = "x".repeat(999);
    put("large.ndjson", (line + "\n").repeat(9_500));
    settings = settings.withRangeBytes(3 << 20);

    List<RawBatch> batches = round();
    batches.forEach(lake::cover);

    assertThat(Batches.records(batches))
        .hasSize(9_502)
        .contains("small.ndjson.gz/0:0=one", "small.ndjson.gz/0:1=two")
        .contains("large.ndjson/0:0=" + line, "large.ndjson/0:9499=" + line);
    assertThat(source().plan()).isEmpty();
  }

  @Test
  void aSmallObjectTakesOneReadAndOneLook() throws IOException {
    put("a.ndjson", "one\n");
    int before = StoreRequests.sent(bucket);

    round();

    assertThat(StoreRequests.sent(bucket, "GetObject")).isOne();
    assertThat(StoreRequests.sent(bucket, "HeadObject")).isOne();
    assertThat(StoreRequests.sent(bucket) - before).isEqualTo(3);
  }

  @Test
  void aContinuousReaderFindsWhatComesLater() throws IOException {
    put("a.ndjson", "one\n");
    UnboundedReader<RawBatch> reader = reader();
    List<RawBatch> batches = new ArrayList<>();
    assertThat(reader.start()).isTrue();
    batches.add(reader.getCurrent());
    put("b.ndjson", "two\n");
    clock.pass(settings.pollEvery());
    while (reader.advance()) {
      batches.add(reader.getCurrent());
    }
    reader.close();

    assertThat(Batches.records(batches)).containsExactly("a.ndjson/0:0=one", "b.ndjson/0:0=two");
  }

  @Test
  void anObjectThatVanishesAfterTheListingStopsNothing() throws IOException {
    put("a.ndjson", "one\n");
    put("b.ndjson", "two\n");
    put("c.ndjson.gz", gzip("three\n"));
    List<LandingRange> plan = source().plan();
    files.delete("s3://" + bucket + "/in/a.ndjson");
    files.delete("s3://" + bucket + "/in/c.ndjson.gz");

    assertThat(Batches.records(read(plan))).containsExactly("b.ndjson/0:0=two");
    assertThatThrownBy(() -> content(new LandingFile("a.ndjson", 4, T, "tag")))
        .isInstanceOf(FileNotFoundException.class);
  }

  @Test
  void anotherObjectOfTheSameSizeAndTimeIsNotReadForTheOneThatWasListed() throws IOException {
    put("a.ndjson", "one\n");
    touch("a.ndjson");
    List<LandingRange> plan = source().plan();
    LandingFile listed = list().files().get(0);
    put("a.ndjson", "two\n");
    touch("a.ndjson");

    assertThat(read(plan)).isEmpty();
    assertThatThrownBy(() -> LandingFolder.of(settings).check(listed))
        .isInstanceOf(FileChangedException.class)
        .hasMessageMatching("a.ndjson was replaced \\(it was (.*):\\w+, is \\1:\\w+\\)");
    assertThat(Batches.records(round())).containsExactly("a.ndjson/0:0=two");
  }

  @Test
  void anObjectThatIsReplacedWhileItIsReadIsNotFinished() throws IOException {
    String line = "x".repeat(99) + "\n";
    put("a.ndjson", line.repeat(100_000));
    touch("a.ndjson");
    LandingFolder folder = LandingFolder.of(settings);
    LandingFile file = folder.list().files().get(0);
    FileSpan whole = FileSpan.from(file, file.generation(0), 0, RawBatch.Seen.NOTHING);
    try (FileBlocks blocks = FileBlocks.open(folder, whole, reading)) {
      assertThat(blocks.next()).isNotNull();
      put("a.ndjson", line.replace('x', 'y').repeat(100_000));
      touch("a.ndjson");

      assertThatThrownBy(
              () -> {
                for (LineBlocks.Block block = blocks.next(); block != null; ) {
                  assertThat(new String(block.bytes(), UTF_8)).doesNotContain("y");
                  block = blocks.next();
                }
              })
          .isInstanceOf(FileChangedException.class);
    }
  }

  // Refusals.

  @Test
  void anObjectThatTheStoreRefusesIsPassedOverAndTriedAgain() throws IOException {
    put("a.ndjson", "one\n");
    put("b.ndjson", "two\n");
    put("c.ndjson", "");
    StoreRequests.refuse(bucket, "in/a.ndjson");
    StoreRequests.refuse(bucket, "in/c.ndjson");

    List<RawBatch> batches = round();
    batches.forEach(lake::cover);
    assertThat(Batches.text(batches)).containsExactly("b.ndjson/0[0,1) last 0=two");

    settings = settings.withStrictFiles(true);
    assertThatThrownBy(this::round)
        .isInstanceOf(SourceException.class)
        .hasMessage(
            "Reading landing file a.ndjson in s3://"
                + bucket
                + "/in/: the store refuses it (403); allow s3:GetObject on it, and kms:Decrypt if a"
                + " key encrypts it");

    settings = settings.withStrictFiles(false);
    StoreRequests.allow(bucket, "in/a.ndjson");
    StoreRequests.allow(bucket, "in/c.ndjson");
    assertThat(Batches.text(round()))
        .containsExactlyInAnyOrder("a.ndjson/0[0,1) last 0=one", "c.ndjson/0[0,0) last");
  }

  @Test
  void aContinuousReaderPassesOverWhatTheStoreRefuses() throws IOException {
    put("a.ndjson", "one\n");
    put("b.ndjson", "two\n");
    StoreRequests.refuse(bucket, "in/a.ndjson");
    UnboundedReader<RawBatch> reader = reader();

    assertThat(reader.start()).isTrue();
    assertThat(Batches.text(reader.getCurrent())).isEqualTo("b.ndjson/0[0,1) last 0=two");
    assertThat(reader.advance()).isFalse();
    StoreRequests.allow(bucket, "in/a.ndjson");
    clock.pass(settings.pollEvery());
    assertThat(reader.advance()).isTrue();
    assertThat(Batches.text(reader.getCurrent())).isEqualTo("a.ndjson/0[0,1) last 0=one");
    reader.close();
  }

  @Test
  void aListingThatTheStoreRefusesIsNoEmptyFolder() throws IOException {
    put("a.ndjson", "one\n");
    // Else the store lists it for anybody.
    Files.setPosixFilePermissions(
        store.folder(bucket), PosixFilePermissions.fromString("rwx------"));
    StoreRequests.refuse(bucket, "in/");

    assertThatThrownBy(() -> source().plan())
        .isInstanceOf(SourceException.class)
        .hasMessage(
            "Listing the landing folder s3://"
                + bucket
                + "/in/: no access to the bucket "
                + bucket
                + "; allow s3:ListBucket on it for this prefix");
  }

  @Test
  void aBucketThatIsNotThereIsNamed() {
    settings = LandingSettings.of("s3://no-such-bucket-here/in").withStorage(settings.storage());

    assertThatThrownBy(() -> source().plan())
        .isInstanceOf(SourceException.class)
        .hasMessage(
            "Listing the landing folder s3://no-such-bucket-here/in/: there is no bucket"
                + " no-such-bucket-here; create it, or correct --landing and --s3Endpoint");
  }

  @Test
  void anAddressWithoutABucketIsRefused() {
    assertThatThrownBy(() -> LandingFolder.of("s3:///in"))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("s3:///in names no bucket");
  }

  // Settings.

  @Test
  void settingsTravelWithTheirSecretsAndDoNotShowThem() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(settings);
    }

    assertThat(new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject())
        .isEqualTo(settings);
    assertThat(settings.toString()).doesNotContain(ObjectStore.SECRET_KEY);
  }

  @Test
  void theTagOfAFileGoesToTheWorkers() throws IOException {
    put("a.ndjson", "one\n");
    List<LandingRange> plan = source().plan();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    LandingRangeCoder.of().encode(plan.get(0), bytes);

    assertThat(LandingRangeCoder.of().decode(new ByteArrayInputStream(bytes.toByteArray())))
        .isEqualTo(plan.get(0));
  }

  private LandingSource source() {
    return LandingSource.of(settings, reading, lake);
  }

  private UnboundedReader<RawBatch> reader() {
    return new LandingUnboundedSource(settings, reading, lake)
        .createReader(PipelineOptionsFactory.create(), null);
  }

  private Listing list() throws IOException {
    return LandingFolder.of(settings).list();
  }

  private List<RawBatch> round() throws IOException {
    return read(source().plan());
  }

  private List<RawBatch> read(List<LandingRange> plan) throws IOException {
    List<RawBatch> batches = new ArrayList<>();
    for (LandingRange range : plan) {
      new LandingRangeFn(settings, reading).read(range, Batches.into(batches));
    }
    return batches;
  }

  private String content(LandingFile file) throws IOException {
    try (InputStream in = Channels.newInputStream(LandingFolder.of(settings).open(file))) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private void put(String name, String content) throws IOException {
    put(name, content.getBytes(UTF_8));
  }

  private void put(String name, byte[] content) throws IOException {
    putAt("in/" + name, content);
  }

  private void putAt(String key, byte[] content) throws IOException {
    try (PositionOutputStream out =
        files.newOutputFile("s3://" + bucket + "/" + key).create(false)) {
      out.write(content);
    }
  }

  /** Gives an object the time that all have. */
  private void touch(String name) throws IOException {
    Files.setLastModifiedTime(store.folder(bucket).resolve("in/" + name), FileTime.fromMillis(T));
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }
}
