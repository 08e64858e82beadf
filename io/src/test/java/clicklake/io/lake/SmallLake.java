package clicklake.io.lake;

import clicklake.io.audit.AuditReader;
import clicklake.io.audit.EventKeyExtractor;
import clicklake.io.audit.LakeAudit;
import clicklake.io.audit.LakeBalance;
import clicklake.io.commit.EventsCommitter;
import clicklake.io.commit.LakeCommitter;
import clicklake.io.commit.LakeTables;
import clicklake.io.commit.QuarantinePublisher;
import clicklake.io.delta.KernelTableLog;
import clicklake.io.delta.LogPaths;
import clicklake.io.ledger.Ledger;
import clicklake.io.ledger.LedgerTable;
import clicklake.io.parquet.ParquetSettings;
import clicklake.io.parquet.ParquetTableFiles;
import clicklake.io.storage.LakeFiles;
import clicklake.io.storage.LakeStorage;
import clicklake.io.storage.LocalFiles;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.batch.EventRow;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.contract.Reject;
import clicklake.schemas.contract.RejectReason;
import clicklake.schemas.contract.TextField;
import clicklake.schemas.eventkey.SpillableLongs;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.LakeWriters;
import clicklake.schemas.lake.SilverIds;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.spill.SpillFolder;
import clicklake.schemas.table.EventTables;
import clicklake.schemas.table.Feed;
import clicklake.schemas.table.TableFiles;
import clicklake.schemas.table.TableLog.Changes;
import clicklake.schemas.table.TableLog.TableState;
import clicklake.schemas.table.TableSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A small lake on disk, made by the real writers and committers, and the means to break it.
 *
 * <p>A record is text: {@code event 7 60 a} is event 7, a minute after the start of the day, with
 * content a; anything else is refused; null is a hole of the source.
 */
public final class SmallLake {
  public static final Duration HORIZON = Duration.ofHours(24);
  public static final Instant DAY = Instant.parse("2024-05-05T00:00:00Z");
  public static final Clock CLOCK = Clock.fixed(DAY.plus(Duration.ofHours(12)), ZoneOffset.UTC);

  public final EventLake lake;
  public final LakeTables tables;
  public final LakeWriters writers;
  private final Map<Long, String> known = new HashMap<>();
  public int keepFinished = 10;
  public Consumer<List<DataFile>> beforeQuarantine = files -> {};

  public SmallLake(Path root) {
    this(LakeLocation.of(root));
  }

  public SmallLake(LakeLocation location) {
    lake = EventLake.at(location);
    // Their commits write checksums before they return: nothing is written when a test has ended.
    tables = tables(LakeStorage.of(location), location.root());
    writers = new FeedWriters(location, Feed.EVENTS, ParquetSettings.DEFAULT, "rules 1", CLOCK);
  }

  public static SourcePartition topic(int number) {
    return new SourcePartition("topic", number, "kafka:c:t");
  }

  public static SourcePartition file(String path) {
    return new SourcePartition(path, 0, "file:1:2");
  }

  /** The key of a record that is an event. */
  public static Optional<EventKeyExtractor.Key> key(byte @Nullable [] value, long arrivalMillis) {
    String text = value == null ? "" : new String(value, StandardCharsets.UTF_8);
    return isEvent(text)
        ? Optional.of(new EventKeyExtractor.Key(0, row(text).idLow(), row(text).eventMicros()))
        : Optional.empty();
  }

  private static boolean isEvent(@Nullable String text) {
    return text != null && text.startsWith("event ");
  }

  public static EventRow row(String text) {
    String[] words = text.split(" ");
    EventRow row = new EventRow();
    row.clear();
    row.id(0, Long.parseLong(words[1]));
    row.eventMicros((DAY.getEpochSecond() + Long.parseLong(words[2])) * 1_000_000);
    row.schemaVersion(1);
    byte[] content = words[3].getBytes(StandardCharsets.UTF_8);
    row.text(TextField.USER_ID, content, 0, content.length);
    row.text(TextField.PAGE, content, 0, content.length);
    return row;
  }

  public static RawBatch.Cursor record(SourcePartition partition, long offset, String text) {
    RawBatch.Cursor cursor =
        new RawBatch.Builder(partition, offset)
            .add(
                offset,
                DAY.toEpochMilli() + offset,
                StandardCharsets.UTF_8.encode("key"),
                "[]",
                StandardCharsets.UTF_8.encode(text))
            .build(offset + 1, RawBatch.Seen.NOTHING)
            .cursor();
    cursor.next();
    return cursor;
  }

  public static EventBatch.Cursor event(SourcePartition partition, long offset, String text) {
    EventBatch.Builder builder = new EventBatch.Builder(64);
    builder.add(row(text), partition, offset, DAY.toEpochMilli() + offset);
    EventBatch.Cursor cursor = builder.build().cursor();
    cursor.next();
    return cursor;
  }

  /** Files of bronze with these records, from an offset on. */
  public List<Proposal> records(SourcePartition partition, long from, @Nullable String... texts) {
    LakeWriters.Records files = writers.openRecords();
    for (int i = 0; i < texts.length; i++) {
      String text = texts[i];
      if (text == null) {
        files.cover(partition, OffsetRanges.of(from + i, from + i + 1));
      } else {
        files.write(partition, record(partition, from + i, text));
      }
    }
    if (partition.identity().startsWith("file:")) {
      files.end(partition, from + texts.length);
    }
    files.seen(tables.bronze().log().newest().map(TableState::version).orElse(-1L));
    return files.finish();
  }

  /** Commits to silver what bronze does not cover, as no committer of ours does. */
  public void commitAheadOfBronze(List<Proposal> decisions) {
    new EventsCommitter(
            tables.silver(),
            CLOCK,
            HORIZON,
            "rules 1",
            keepFinished,
            EventsCommitter.Bronze.NONE,
            () -> QuarantinePublisher.applied(tables),
            tables.quarantineFiles())
        .commit(decisions, new ArrayList<>());
  }

  /** Files of silver with what these records are, from an offset on. */
  public List<Proposal> decisions(SourcePartition partition, long from, @Nullable String... texts) {
    LakeWriters.Rejects rejects = writers.openRejects();
    LakeWriters.Events events = writers.openEvents();
    events.asOf(
        tables
            .silver()
            .log()
            .newest()
            .map(state -> new SilverIds.Version(state.tableId(), state.version()))
            .orElse(SilverIds.Version.NONE));
    Map<Long, String> fresh = new HashMap<>();
    for (int i = 0; i < texts.length; i++) {
      long offset = from + i;
      String text = texts[i];
      if (text == null) {
        rejects.cover(partition, OffsetRanges.of(offset, offset + 1));
      } else if (!isEvent(text)) {
        rejects.write(
            partition,
            record(partition, offset, text),
            new Reject(RejectReason.NOT_JSON, null, "[]"));
      } else {
        EventBatch.Cursor event = event(partition, offset, text);
        long id = event.idLow();
        String before = known.getOrDefault(id, fresh.get(id));
        if (before == null || !before.equals(text)) {
          events.write(event, before != null);
          fresh.putIfAbsent(id, text);
        } else {
          events.duplicate(event, known.containsKey(id), false);
        }
      }
    }
    if (partition.identity().startsWith("file:")) {
      rejects.end(partition, from + texts.length);
    }
    known.putAll(fresh);
    List<Proposal> all = new ArrayList<>(rejects.finish());
    all.addAll(events.finish());
    return all;
  }

  /** The tables of a lake by a storage of the test, as a process finds them that starts now. */
  public static LakeTables tables(LakeFiles files, Path root) {
    return tables(files, root.toString());
  }

  private static LakeTables tables(LakeFiles files, String root) {
    return new LakeTables(
        table(files, root, EventTables.BRONZE_EVENTS),
        table(files, root, EventTables.SILVER_EVENTS),
        new KernelTableLog(files, root, EventTables.QUARANTINE_EVENTS),
        tableFiles(files, root, EventTables.QUARANTINE_EVENTS));
  }

  public static LedgerTable table(LakeFiles files, Path root, TableSchema schema) {
    return table(files, root.toString(), schema);
  }

  private static LedgerTable table(LakeFiles files, String root, TableSchema schema) {
    return new LedgerTable(
        new KernelTableLog(files, root, schema), tableFiles(files, root, schema), files.calls());
  }

  private static TableFiles tableFiles(LakeFiles files, String root, TableSchema schema) {
    return new ParquetTableFiles(files, root, schema, ParquetSettings.DEFAULT);
  }

  /** A committer that works on these tables. */
  public static LakeCommitter committer(LakeTables tables) {
    return committer(tables, CLOCK);
  }

  public static LakeCommitter committer(LakeTables tables, Clock clock) {
    return new LakeCommitter(tables, clock, HORIZON, "rules 1", 10, null);
  }

  public LakeCommitter committer() {
    return new LakeCommitter(
        tables, CLOCK, HORIZON, "rules 1", keepFinished, files -> beforeQuarantine.accept(files));
  }

  /** Takes records all the way. */
  public SmallLake take(SourcePartition partition, long from, @Nullable String... texts) {
    List<Proposal> all = new ArrayList<>(records(partition, from, texts));
    all.addAll(decisions(partition, from, texts));
    committer().commit(all);
    return this;
  }

  public LakeBalance audit() {
    return LakeAudit.of(lake, HORIZON, SmallLake::key, SpillFolder.OF_JVM).run();
  }

  /** Audits the lake with all of silver's ids in files. */
  public LakeBalance auditWithoutHeap() {
    return new LakeAudit(
            lake.tables(),
            AuditReader.of(lake.location()),
            HORIZON,
            SmallLake::key,
            new SpillableLongs(0))
        .run();
  }

  // ---- breaking it

  public static Ledger ledger(LedgerTable table) {
    return Ledger.of("table", table.log().newest().orElseThrow());
  }

  /** Commits files to a table under whatever ledger. */
  public static void force(
      LedgerTable table, List<DataFile> adds, List<DataFile> removes, UnaryOperator<Ledger> books) {
    table
        .log()
        .commit(
            table.log().newest().orElseThrow(),
            new Changes(
                "WRITE",
                adds,
                removes,
                Map.of(Ledger.DOMAIN, books.apply(ledger(table)).toJson())));
  }

  /** Commits an OPTIMIZE by an engine that writes no statistics: a copy of each file instead. */
  public static void optimize(Path root, TableSchema schema) throws IOException {
    LedgerTable table = table(new LocalFiles(false), root, schema);
    TableState state = table.log().newest().orElseThrow();
    StringBuilder commit = new StringBuilder("{\"commitInfo\":{\"operation\":\"OPTIMIZE\"}}\n");
    for (DataFile file : table.log().files(state, null)) {
      DataFile copy = table.files().rewriteWithout(file, row -> false, 1);
      String partition =
          "\"partitionValues\":{\"%s\":\"%s\"}".formatted(schema.partitionColumn(), file.date());
      commit.append(
          ("{\"remove\":{\"path\":\"%s\",\"deletionTimestamp\":1,\"dataChange\":false,"
                  + "\"extendedFileMetadata\":true,%s,\"size\":%d}}\n")
              .formatted(file.path(), partition, file.sizeBytes()));
      commit.append(
          ("{\"add\":{\"path\":\"%s\",%s,\"size\":%d,\"modificationTime\":1,\"dataChange\":false}}\n")
              .formatted(copy.path(), partition, copy.sizeBytes()));
    }
    Files.writeString(
        root.resolve(schema.path()).resolve(LogPaths.commit(state.version() + 1)),
        commit.toString());
  }

  /** Replaces the files of a table by copies without some rows. */
  public static void drop(
      LedgerTable table, int partition, long offset, UnaryOperator<Ledger> books) {
    List<DataFile> adds = new ArrayList<>();
    List<DataFile> removes = new ArrayList<>();
    for (DataFile file : table.log().files(table.log().newest().orElseThrow(), null)) {
      boolean has =
          table.files().rows(file).stream()
              .anyMatch(row -> row.partition() == partition && row.offset() == offset);
      if (has) {
        removes.add(file);
        adds.add(
            table
                .files()
                .rewriteWithout(
                    file,
                    row -> row.partition() == partition && row.offset() == offset,
                    CLOCK.millis()));
      }
    }
    force(table, adds, removes, books);
  }

  public static List<DataFile> contents(List<Proposal> files) {
    return files.stream().map(Proposal::content).map(java.util.Objects::requireNonNull).toList();
  }

  /** A ledger with other figures for one partition of the topic. */
  public static UnaryOperator<Ledger> figures(
      int number, long rows, long duplicates, long rowCount) {
    return ledger -> {
      SortedMap<String, Ledger.Partition> partitions = new TreeMap<>(ledger.partitions());
      partitions.computeIfPresent(
          "topic/" + number,
          (name, p) ->
              new Ledger.Partition(
                  p.id(),
                  p.next(),
                  p.runs(),
                  p.rows() + rows,
                  p.duplicates() + duplicates,
                  p.conflicts(),
                  p.rejects(),
                  p.end(),
                  p.lost()));
      return with(ledger, partitions, ledger.rowCount() + rowCount, ledger.retired());
    };
  }

  /** A ledger with other figures. */
  public static Ledger with(
      Ledger ledger,
      SortedMap<String, Ledger.Partition> partitions,
      long rowCount,
      Ledger.Retired retired) {
    return new Ledger(
        ledger.tableId(),
        partitions,
        rowCount,
        ledger.vacuumedBefore(),
        retired,
        ledger.rules(),
        ledger.outbox(),
        ledger.lastSeq(),
        ledger.horizon());
  }
}
