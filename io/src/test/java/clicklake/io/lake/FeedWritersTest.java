package clicklake.io.lake;

import static clicklake.io.parquet.TestRows.CLICKS_0;
import static clicklake.io.parquet.TestRows.CLICKS_1;
import static clicklake.io.parquet.TestRows.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import clicklake.io.parquet.ParquetSettings;
import clicklake.io.parquet.ParquetTableFiles;
import clicklake.io.parquet.RowReader;
import clicklake.io.parquet.TestRows;
import clicklake.io.storage.FullDisk;
import clicklake.io.storage.LakeStorage;
import clicklake.io.storage.LocalFiles;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.batch.EventRow;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.batch.ProposalCoder;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.contract.DeviceType;
import clicklake.schemas.contract.Reject;
import clicklake.schemas.contract.RejectReason;
import clicklake.schemas.contract.TextField;
import clicklake.schemas.eventkey.Duplicates;
import clicklake.schemas.eventkey.EventKeys;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.LakeWriters;
import clicklake.schemas.lake.SilverIds;
import clicklake.schemas.offset.Coverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.EventTables;
import clicklake.schemas.table.Feed;
import clicklake.schemas.table.LakeException;
import clicklake.schemas.table.TableFiles.RowFacts;
import clicklake.schemas.table.TableSchema;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedWritersTest {
  private static final long DAY = 86_400_000L;

  @TempDir Path lake;
  private FeedWriters writers;

  @BeforeEach
  void open() {
    writers = writers(ParquetSettings.DEFAULT);
  }

  private FeedWriters writers(ParquetSettings settings) {
    return new FeedWriters(
        LakeLocation.of(lake),
        Feed.EVENTS,
        settings,
        "parser 1",
        Clock.fixed(Instant.ofEpochMilli(1_800_000_000_000L), ZoneOffset.UTC));
  }

  private static void writeAll(LakeWriters.Records writer, SourcePartition from, RawBatch batch) {
    RawBatch.Cursor cursor = batch.cursor();
    while (cursor.next()) {
      writer.write(from, cursor);
    }
  }

  /** Every row of a file as its columns' texts. */
  private List<String> read(TableSchema table, Proposal file) {
    List<String> rows = new ArrayList<>();
    List<Column> columns = table.columns();
    RowReader.read(
        new LocalFiles(false),
        lake + "/" + table.path() + "/" + file.content().path(),
        -1,
        columns,
        row -> {
          List<String> values = new ArrayList<>();
          for (int i = 0; i < columns.size(); i++) {
            if (row.isNull(i)) {
              values.add("-");
              continue;
            }
            values.add(
                switch (columns.get(i).type()) {
                  case STRING, BINARY -> row.textAt(i);
                  case INT, DATE -> Integer.toString(row.intAt(i));
                  case DOUBLE -> Double.toString(row.doubleAt(i));
                  case BOOLEAN -> Boolean.toString(row.booleanAt(i));
                  case LONG, TIMESTAMP, PRICE -> Long.toString(row.longAt(i));
                });
          }
          rows.add(String.join("|", values));
        });
    return rows;
  }

  @Test
  void recordsOfOneDayMakeOneFileThatCoversThem() throws IOException {
    LakeWriters.Records writer = writers.openRecords();
    writeAll(writer, CLICKS_0, TestRows.records(CLICKS_0, 5, NOON, "a", "b"));
    writeAll(writer, CLICKS_1, TestRows.records(CLICKS_1, 0, NOON + 1, "c"));
    writer.end(CLICKS_1, 1);
    writer.seen(4);
    writer.seen(3);
    writer.seen(9);

    List<Proposal> files = writer.finish();

    assertThat(files).hasSize(1);
    Proposal file = files.get(0);
    assertThat(file.content().path())
        .matches("ingest_date=2026-05-01/1800000000000-[0-9a-f-]{36}\\.parquet");
    assertThat(file)
        .isEqualTo(
            Proposal.of(
                Proposal.Kind.RECORDS,
                new DataFile(
                    file.content().path(),
                    Files.size(lake.resolve("bronze/events").resolve(file.content().path())),
                    3,
                    "2026-05-01",
                    "{\"numRecords\":3,\"minValues\":{\"_source\":\"clicks\",\"_partition\":0,"
                        + "\"_offset\":0,\"_ingested_at\":\"2026-05-01T12:00:00.000Z\"},"
                        + "\"maxValues\":{\"_source\":\"clicks\",\"_partition\":1,\"_offset\":6,"
                        + "\"_ingested_at\":\"2026-05-01T12:00:00.001Z\"},\"nullCount\":{"
                        + "\"_source\":0,\"_partition\":0,\"_offset\":0,\"_ingested_at\":0}}"),
                1_800_000_000_000L,
                List.of(
                    new Coverage(CLICKS_0, OffsetRanges.of(5, 7), 2),
                    new Coverage(CLICKS_1, OffsetRanges.of(0, 1), 1)),
                Map.of(CLICKS_1, 1L),
                "",
                3));
    assertThat(read(EventTables.BRONZE_EVENTS, file))
        .containsExactly(
            "clicks|0|5|1777636800000000|-|-|a",
            "clicks|0|6|1777636800000000|-|-|b",
            "clicks|1|0|1777636800001000|-|-|c");
  }

  @Test
  void keysHeadersAndNullValuesAreKept() {
    RawBatch batch =
        new RawBatch.Builder(CLICKS_0, 0)
            .add(0, NOON, ByteBuffer.wrap(new byte[] {'k'}), "[\"h\"]", null)
            .add(1, NOON, ByteBuffer.allocate(0), null, ByteBuffer.allocate(0))
            .build(2, RawBatch.Seen.NOTHING);
    LakeWriters.Records writer = writers.openRecords();
    writeAll(writer, CLICKS_0, batch);

    assertThat(read(EventTables.BRONZE_EVENTS, writer.finish().get(0)))
        .containsExactly(
            "clicks|0|0|1777636800000000|k|[\"h\"]|-", "clicks|0|1|1777636800000000||-|");
  }

  @Test
  void eachDayHasItsFileAndHolesAndEndsGoWithOne() {
    SourcePartition landed = new SourcePartition("a.ndjson", 0, "file:9:1");
    LakeWriters.Records writer = writers.openRecords();
    writeAll(writer, landed, TestRows.records(landed, 0, NOON, "a"));
    writeAll(writer, landed, TestRows.records(landed, 1, NOON + DAY, "b"));
    writeAll(writer, landed, TestRows.records(landed, 2, NOON, "c"));
    writer.cover(landed, OffsetRanges.of(3, 5));
    writer.end(landed, 5);

    List<Proposal> files = writer.finish();

    assertThat(files).extracting(f -> f.content().date()).hasSize(2);
    OffsetRanges all = OffsetRanges.empty();
    int ends = 0;
    for (Proposal file : files) {
      for (Coverage coverage : file.coverage()) {
        assertThat(all.intersects(coverage.runs())).isFalse();
        all = all.union(coverage.runs());
      }
      ends += file.endOffsets().size();
    }
    assertThat(all).isEqualTo(OffsetRanges.of(0, 5));
    assertThat(ends).isEqualTo(1);
    assertThat(files)
        .extracting(f -> f.content().date() + " " + f.rows())
        .containsExactlyInAnyOrder("2026-05-01 2", "2026-05-02 1");
  }

  @Test
  void holesOfATopicAreAProposalOfTheirOwn() {
    LakeWriters.Rejects writer = writers.openRejects();
    RawBatch.Cursor cursor = TestRows.records(CLICKS_0, 0, NOON, "a").cursor();
    cursor.next();
    writer.write(CLICKS_0, cursor, new Reject(RejectReason.NOT_JSON, null, "[]"));
    writer.cover(CLICKS_0, OffsetRanges.of(1, 3));
    writer.cover(CLICKS_1, OffsetRanges.of(7, 8));

    assertThat(writer.finish())
        .extracting(Proposal::rows, Proposal::coverage)
        .containsExactly(
            tuple(1L, List.of(new Coverage(CLICKS_0, OffsetRanges.of(0, 1), 1))),
            tuple(
                0L,
                List.of(
                    new Coverage(CLICKS_0, OffsetRanges.of(1, 3), 0),
                    new Coverage(CLICKS_1, OffsetRanges.of(7, 8), 0))));
  }

  @Test
  void holesAloneMakeCoverageWithoutAFile() {
    LakeWriters.Records writer = writers.openRecords();
    writer.cover(CLICKS_0, OffsetRanges.of(3, 5));
    writer.seen(7);

    assertThat(writer.finish())
        .containsExactly(
            Proposal.of(
                Proposal.Kind.RECORDS,
                null,
                1_800_000_000_000L,
                List.of(new Coverage(CLICKS_0, OffsetRanges.of(3, 5), 0)),
                Map.of(),
                "",
                7));
    assertThat(writers.openRecords().finish()).isEmpty();
  }

  @Test
  void aProposalIsSmallEnoughForEveryRunner() throws IOException {
    LakeWriters.Events writer = writers.openEvents();
    int rows = 400_001;
    int duplicates = 250_001;
    for (int offset = 0; offset < rows + duplicates; ) {
      EventBatch.Builder batch = TestRows.events();
      for (int i = 0; i < 10_000 && offset < rows + duplicates; i++, offset++) {
        batch.add(TestRows.event(offset, NOON * 1000), CLICKS_0, offset, NOON);
      }
      EventBatch.Cursor cursor = batch.build().cursor();
      while (cursor.next()) {
        if (cursor.offset() < rows) {
          writer.write(cursor, false);
        } else {
          writer.duplicate(cursor, true, false);
        }
      }
    }

    List<Proposal> files = writer.finish();

    assertThat(files).extracting(file -> file.keys().size()).containsExactly(400_000, 1, 0);
    assertThat(files).extracting(file -> file.duplicates().size()).containsExactly(250_000, 0, 1);
    for (Proposal file : files) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ProposalCoder.of().encode(file, bytes);
      assertThat(bytes.size()).isLessThan(20_000_000);
    }
  }

  @Test
  void aFullFileIsFollowedByAnother() {
    writers = writers(new ParquetSettings(1, 2, 1 << 20, 1 << 20));
    LakeWriters.Records writer = writers.openRecords();
    writeAll(writer, CLICKS_0, TestRows.records(CLICKS_0, 0, NOON, "a", "b", "c", "d", "e"));

    assertThat(writer.finish())
        .extracting(Proposal::coverage)
        .containsExactly(
            List.of(new Coverage(CLICKS_0, OffsetRanges.of(0, 2), 2)),
            List.of(new Coverage(CLICKS_0, OffsetRanges.of(2, 4), 2)),
            List.of(new Coverage(CLICKS_0, OffsetRanges.of(4, 5), 1)));
  }

  /** Days in an order in which hardly any follows itself. */
  private static long dayOf(int number, int days) {
    return number * 37L % days;
  }

  @Test
  void eachOfAThousandDaysHasOneFileInWhateverOrderItsRecordsCome() {
    writers = waitingIn(64 << 10);
    LakeWriters.Records writer = writers.openRecords();
    List<List<String>> expected = new ArrayList<>();
    for (int day = 0; day < 1000; day++) {
      expected.add(new ArrayList<>());
    }
    for (int i = 0; i < 5000; i++) {
      long day = dayOf(i, 1000);
      SourcePartition partition = i % 2 == 0 ? CLICKS_0 : CLICKS_1;
      writeAll(writer, partition, TestRows.records(partition, i, NOON + day * DAY, "value " + i));
      expected
          .get((int) day)
          .add("clicks|" + i % 2 + "|" + i + "|" + (NOON + day * DAY) * 1000 + "|-|-|value " + i);
    }

    List<Proposal> files = writer.finish();

    assertThat(files).extracting(file -> file.content().date()).doesNotHaveDuplicates();
    assertThat(files).hasSize(1000);
    Map<SourcePartition, OffsetRanges> covered = new HashMap<>();
    for (Proposal file : files) {
      long day = LocalDate.parse(file.content().date()).toEpochDay() - NOON / DAY;
      assertThat(read(EventTables.BRONZE_EVENTS, file)).isEqualTo(expected.get((int) day));
      for (Coverage coverage : file.coverage()) {
        assertThat(coverage.rows()).isEqualTo(coverage.runs().size());
        covered.merge(coverage.partition(), coverage.runs(), OffsetRanges::union);
      }
    }
    assertThat(covered.get(CLICKS_0).size() + covered.get(CLICKS_1).size()).isEqualTo(5000);
    assertThat(temporaryFiles()).isEmpty();
  }

  @Test
  void rejectsAndEventsOfManyDaysWaitWithAllThatBelongsToThem() {
    writers = waitingIn(1 << 10);
    LakeWriters.Rejects rejects = writers.openRejects();
    LakeWriters.Events events = writers.openEvents();
    for (int i = 0; i < 60; i++) {
      long day = dayOf(i, 30);
      RawBatch.Cursor record = TestRows.records(CLICKS_0, i, NOON + day * DAY, "{" + i).cursor();
      record.next();
      rejects.write(
          CLICKS_0,
          record,
          i % 2 == 0
              ? new Reject(RejectReason.NOT_JSON, null, "[" + i + "]")
              : new Reject(RejectReason.MISSING_FIELD, "page", "[" + i + "]"));
      EventBatch.Cursor event =
          TestRows.events()
              .add(TestRows.event(i, (NOON + day * DAY) * 1000), CLICKS_1, i, NOON)
              .build()
              .cursor();
      event.next();
      events.write(event, i % 3 == 0);
    }

    List<Proposal> refused = rejects.finish();
    List<Proposal> kept = events.finish();

    assertThat(refused).hasSize(30);
    assertThat(kept).hasSize(30);
    List<String> expectedRejects = new ArrayList<>();
    List<String> expectedEvents = new ArrayList<>();
    List<Long> expectedChallengers = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      long micros = (NOON + dayOf(i, 30) * DAY) * 1000;
      expectedRejects.add(
          "clicks|0|%d|%d|-|-|{%d|%s|[%d]|parse|parser 1"
              .formatted(i, micros, i, i % 2 == 0 ? "not_json|-" : "missing_field|page", i));
      expectedEvents.add(micros + " user" + i + " clicks/1@" + i);
      if (i % 3 == 0) {
        expectedChallengers.add((long) i);
      }
    }
    assertThat(refused.stream().flatMap(f -> read(EventTables.QUARANTINE_EVENTS, f).stream()))
        .containsExactlyInAnyOrderElementsOf(expectedRejects);
    assertThat(
            kept.stream()
                .flatMap(f -> read(EventTables.SILVER_EVENTS, f).stream())
                .map(row -> row.split("\\|"))
                .map(row -> row[2] + " " + row[3] + " " + row[19] + "/" + row[20] + "@" + row[21]))
        .containsExactlyInAnyOrderElementsOf(expectedEvents);
    assertThat(kept.stream().flatMap(f -> f.conflicting().stream().map(row -> f.keys().idLow(row))))
        .containsExactlyInAnyOrderElementsOf(expectedChallengers);
  }

  @Test
  void aClosedWriterForgetsRowsThatWait() throws IOException {
    writers = waitingIn(1 << 10);
    LakeWriters.Records writer = writers.openRecords();
    for (int i = 0; i < 100; i++) {
      writeAll(writer, CLICKS_0, TestRows.records(CLICKS_0, i, NOON + i * DAY, "x"));
    }

    writer.close();

    try (var found = Files.walk(lake)) {
      assertThat(found.filter(Files::isRegularFile)).isEmpty();
    }
    assertThat(temporaryFiles()).isEmpty();
  }

  private FeedWriters waitingIn(long bytes) {
    return new FeedWriters(
        LakeLocation.of(lake),
        Feed.EVENTS,
        ParquetSettings.DEFAULT,
        "parser 1",
        Clock.fixed(Instant.ofEpochMilli(1_800_000_000_000L), ZoneOffset.UTC),
        bytes,
        LakeStorage::of);
  }

  private FeedWriters writersTo(FullDisk disk, int rowsPerFile) {
    return new FeedWriters(
        LakeLocation.of(lake),
        Feed.EVENTS,
        new ParquetSettings(3, rowsPerFile, 256L << 20, 64L << 20),
        "parser 1",
        Clock.fixed(Instant.ofEpochMilli(1_800_000_000_000L), ZoneOffset.UTC),
        1 << 20,
        root -> disk);
  }

  private void assertNothingIsLeft(FullDisk disk) throws IOException {
    assertThat(disk.open()).isZero();
    try (var found = Files.walk(lake)) {
      assertThat(found.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void aFileThatCannotBeCompletedIsClosed() throws IOException {
    FullDisk disk = new FullDisk();
    LakeWriters.Records writer = writersTo(disk, 1).openRecords();
    writeAll(writer, CLICKS_0, TestRows.records(CLICKS_0, 0, NOON, "a"));
    disk.fill();

    assertThatThrownBy(() -> writeAll(writer, CLICKS_0, TestRows.records(CLICKS_0, 1, NOON, "b")))
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("the disk is full");
    assertThat(disk.open()).isEqualTo(1);
    writer.close();

    assertNothingIsLeft(disk);
  }

  @Test
  void aFileThatCannotBeBegunIsClosed() throws IOException {
    FullDisk disk = new FullDisk();
    LakeWriters.Records writer = writersTo(disk, 1).openRecords();
    disk.fill();

    assertThatThrownBy(() -> writeAll(writer, CLICKS_0, TestRows.records(CLICKS_0, 0, NOON, "a")))
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("the disk is full");
    writer.close();

    assertNothingIsLeft(disk);
  }

  @Test
  void aFileOfRowsThatWaitedIsClosedIfItCannotBeCompleted() throws IOException {
    FullDisk disk = new FullDisk();
    LakeWriters.Records writer = writersTo(disk, 1000).openRecords();
    for (int day = 0; day < 9; day++) {
      writeAll(writer, CLICKS_0, TestRows.records(CLICKS_0, day, NOON + day * DAY, "a"));
    }
    disk.fillWithFile(9);

    assertThatThrownBy(writer::finish)
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("the disk is full");
    assertThat(disk.open()).isEqualTo(1);
    writer.close();

    assertNothingIsLeft(disk);
  }

  @Test
  void aFileThatCannotBeClosedKeepsNoOtherOpen() throws IOException {
    FullDisk disk = new FullDisk();
    LakeWriters.Records writer = writersTo(disk, 1000).openRecords();
    for (int day = 0; day < 3; day++) {
      writeAll(writer, CLICKS_0, TestRows.records(CLICKS_0, day, NOON + day * DAY, "a"));
    }
    disk.failToClose();

    assertThatThrownBy(writer::close)
        .isInstanceOf(LakeException.class)
        .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(2));

    assertNothingIsLeft(disk);
  }

  private static List<Path> temporaryFiles() {
    try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("clicklake-rows-"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theIngestDateFollowsTheArrivalWithinTheYearsThatTablesHold() {
    LakeWriters.Records writer = writers.openRecords();
    writeAll(writer, CLICKS_0, TestRows.records(CLICKS_0, 0, -1, "a"));
    writeAll(writer, CLICKS_0, TestRows.records(CLICKS_0, 1, Long.MAX_VALUE / 2, "b"));
    writeAll(writer, CLICKS_0, TestRows.records(CLICKS_0, 2, Long.MIN_VALUE / 2, "c"));
    writeAll(writer, CLICKS_0, TestRows.records(CLICKS_0, 3, 0, "d"));

    List<Proposal> files = writer.finish();

    assertThat(files)
        .extracting(f -> f.content().date())
        .containsExactlyInAnyOrder("1969-12-31", "9999-12-31", "0001-01-01", "1970-01-01");
    assertThat(read(EventTables.BRONZE_EVENTS, files.get(0)))
        .containsExactly("clicks|0|0|-1000|-|-|a");
  }

  @Test
  void aClosedWriterLeavesNoFileAndAFinishedOneKeepsThem() throws IOException {
    LakeWriters.Records given = writers.openRecords();
    writeAll(given, CLICKS_0, TestRows.records(CLICKS_0, 0, NOON, "a"));
    given.close();
    try (var found = Files.walk(lake)) {
      assertThat(found.filter(Files::isRegularFile)).isEmpty();
    }

    LakeWriters.Records kept = writers.openRecords();
    writeAll(kept, CLICKS_0, TestRows.records(CLICKS_0, 0, NOON, "a"));
    String path = kept.finish().get(0).content().path();
    kept.close();
    assertThat(lake.resolve("bronze/events").resolve(path)).exists();
  }

  @Test
  void rejectsGoToQuarantineWithTheirReason() {
    LakeWriters.Rejects writer = writers.openRejects();
    RawBatch.Cursor cursor = TestRows.records(CLICKS_0, 3, NOON, "{", "{}").cursor();
    cursor.next();
    writer.write(CLICKS_0, cursor, new Reject(RejectReason.NOT_JSON, null, "[1]"));
    cursor.next();
    writer.write(CLICKS_0, cursor, new Reject(RejectReason.MISSING_FIELD, "event_id", "[2]"));

    List<Proposal> files = writer.finish();

    assertThat(files).hasSize(1);
    assertThat(files.get(0).kind()).isEqualTo(Proposal.Kind.REJECTS);
    assertThat(files.get(0).coverage())
        .containsExactly(new Coverage(CLICKS_0, OffsetRanges.of(3, 5), 2));
    assertThat(read(EventTables.QUARANTINE_EVENTS, files.get(0)))
        .containsExactly(
            "clicks|0|3|1777636800000000|-|-|{|not_json|-|[1]|parse|parser 1",
            "clicks|0|4|1777636800000000|-|-|{}|missing_field|event_id|[2]|parse|parser 1");
  }

  @Test
  void eventsKeepEveryColumnTheirKeysAndTheirDuplicates() {
    EventRow full = TestRows.event(1, NOON * 1000 + 7);
    full.deviceType(DeviceType.TABLET);
    full.quantity(3);
    full.price(129_900);
    for (TextField field : TextField.values()) {
      TestRows.text(full, field, "v:" + field.column());
    }
    EventBatch batch =
        TestRows.events()
            .add(full, CLICKS_0, 10, NOON)
            .add(TestRows.event(2, NOON * 1000 + DAY * 1000), CLICKS_1, 20, NOON + 2)
            .add(TestRows.event(3, NOON * 1000), CLICKS_0, 11, NOON)
            .add(TestRows.event(3, NOON * 1000), CLICKS_0, 12, NOON)
            .build();
    LakeWriters.Events writer = writers.openEvents();
    writer.asOf(new SilverIds.Version("table", 8));
    writer.asOf(new SilverIds.Version("table", 6));
    EventBatch.Cursor cursor = batch.cursor();
    List<Long> digests = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      cursor.next();
      digests.add(cursor.digest());
      writer.write(cursor, i == 2);
    }
    cursor.next();
    writer.duplicate(cursor, false, true);

    List<Proposal> files = writer.finish();

    assertThat(files).hasSize(2);
    Proposal first =
        files.get(1).content().date().equals("2026-05-01") ? files.get(1) : files.get(0);
    Proposal second = first.equals(files.get(0)) ? files.get(1) : files.get(0);
    assertThat(first.tableId()).isEqualTo("table");
    assertThat(first.asOf()).isEqualTo(6);
    assertThat(first.keys())
        .isEqualTo(
            EventKeys.builder()
                .add(0x0123456789abcdefL, 1, NOON * 1000 + 7)
                .add(0x0123456789abcdefL, 3, NOON * 1000)
                .build());
    assertThat(first.conflicting()).containsExactly(1);
    assertThat(first.coverage())
        .containsExactly(new Coverage(CLICKS_0, OffsetRanges.of(10, 12), 2));
    assertThat(second.coverage())
        .containsExactly(new Coverage(CLICKS_1, OffsetRanges.of(20, 21), 1));
    assertThat(second.conflicting()).isEmpty();
    Duplicates duplicates =
        Duplicates.builder()
            .add(CLICKS_0, 12, 0x0123456789abcdefL, 3, NOON * 1000, false, true)
            .build();
    assertThat(List.of(files.get(0).duplicates(), files.get(1).duplicates()))
        .containsExactly(duplicates, Duplicates.none());
    assertThat(read(EventTables.SILVER_EVENTS, first))
        .containsExactly(
            "01234567-89ab-cdef-0000-000000000001|1|1777636800000007|v:user_id|click|v:page"
                + "|v:referrer|v:user_agent|v:source|tablet|v:country|v:ip_hash|v:ip_hash_key_id"
                + "|v:session_id|v:product_id|3|129900|v:currency|v:_rescued_data|clicks|0|10"
                + "|1777636800000000|1800000000000000|"
                + digests.get(0),
            "01234567-89ab-cdef-0000-000000000003|1|1777636800000000|user3|click|/home|-|-|-|-"
                + "|-|-|-|-|-|-|-|-|-|clicks|0|11|1777636800000000|1800000000000000|"
                + digests.get(2));
    assertThat(
            new ParquetTableFiles(
                    new LocalFiles(false),
                    lake.toString(),
                    EventTables.SILVER_EVENTS,
                    ParquetSettings.DEFAULT)
                .rows(second.content()))
        .containsExactly(
            new RowFacts(
                "clicks",
                1,
                20,
                (NOON + 2) * 1000,
                0x0123456789abcdefL,
                2,
                NOON * 1000 + DAY * 1000,
                digests.get(1)));
  }

  @Test
  void writersTravelToWorkers() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(writers);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      LakeWriters.Records writer = ((LakeWriters) in.readObject()).openRecords();
      writeAll(writer, CLICKS_0, TestRows.records(CLICKS_0, 0, NOON, "a"));
      assertThat(writer.finish()).extracting(Proposal::rows).containsExactly(1L);
    }
  }
}
