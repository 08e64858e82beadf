package clicklake.io.lake;

import clicklake.io.lookup.KnownHoles;
import clicklake.io.parquet.ParquetSettings;
import clicklake.io.parquet.RowWriter;
import clicklake.io.parquet.Uuids;
import clicklake.io.storage.LakeFiles;
import clicklake.io.storage.LakeStorage;
import clicklake.io.storage.StorageFailures;
import clicklake.schemas.batch.Bytes;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.contract.Action;
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
import clicklake.schemas.spill.SpillFolder;
import clicklake.schemas.table.Feed;
import clicklake.schemas.table.LandedGeneration;
import clicklake.schemas.table.TableSchema;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of bundles into Parquet files below the folders of a feed's tables: records and
 * rejects of any feed, events of {@link Feed#EVENTS} alone.
 *
 * <p>A file is called {@code <partition column>=<date>/<created>-<unique>.parquet}: created is the
 * bundle's start in milliseconds, unique is drawn at random, so that a retry never meets the stray
 * files of the attempt before it. A file that is full (see {@link ParquetSettings}) is closed and
 * another one begun.
 *
 * <p>A writer has one file for each date, however many dates its rows have and in whatever order
 * they come: the files of the first {@value #OPEN} dates are open side by side, and rows of further
 * dates wait (see {@link WaitingRows}) until the bundle ends, when their files are written one
 * after the other.
 *
 * <p>Each file covers the positions of its rows. Holes of landing files, ends of partitions and
 * duplicates go with the writer's first file, or alone if it wrote none. Holes of other sources are
 * always proposed alone: silver's committer covers them only if bronze holds no record there. A
 * record's {@code ingest_date} is the day of its {@code _ingested_at}, which keeps what the source
 * said: of a record without an arrival (Kafka says -1) it is 1969-12-31. Arrivals outside the years
 * 1 to 9999 are filed under the nearest day.
 */
public final class EventLakeWriters implements LakeWriters {
  private static final long serialVersionUID = 1L;
  private static final int OPEN = 8;

  /** Rows that wait take up to a 32nd of the heap in each writer, but no more than this. */
  private static final long MOST_WAITING_BYTES = 64L << 20;

  /**
   * A proposal carries the keys of its rows, at 24 bytes each, and of its duplicates, at 37 with
   * their positions. It is one record to a runner, and Flink sorts records in buffers that may be
   * no larger than 20 MB.
   */
  private static final int MOST_KEYS = 400_000;

  private static final int MOST_DUPLICATES = 250_000;

  private static final long FIRST_DAY = LocalDate.of(1, 1, 1).toEpochDay();
  private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();
  private static final long MILLIS_OF_DAY = 86_400_000L;
  private static final Map<Action, byte[]> ACTIONS = new EnumMap<>(Action.class);
  private static final Map<DeviceType, byte[]> DEVICES = new EnumMap<>(DeviceType.class);
  private static final Map<RejectReason, byte[]> REASONS = new EnumMap<>(RejectReason.class);
  private static final RejectReason[] REJECT_REASONS = RejectReason.values();

  static {
    for (Action action : Action.values()) {
      ACTIONS.put(action, constant(action.text()));
    }
    for (DeviceType device : DeviceType.values()) {
      DEVICES.put(device, constant(device.text()));
    }
    for (RejectReason reason : RejectReason.values()) {
      REASONS.put(reason, constant(reason.code()));
    }
  }

  /**
   * Of records as received: each is so like the last that this level makes them no larger than
   * level 3 does, in half the time.
   */
  private static final int ZSTD_LEVEL_OF_RECORDS = 1;

  private final LakeLocation lake;
  private final Feed feed;
  private final ParquetSettings settings;
  private final String processorVersion;
  private final Clock clock;
  private final long mostWaitingBytes;
  private final SerializableFunction<LakeLocation, LakeFiles> storage;
  private final SpillFolder spills;

  /**
   * Writers of {@link Feed#EVENTS}.
   *
   * @param lake where the lake lies
   * @param processorVersion parser version and settings, for quarantine
   * @param clock for times of creation and {@code _processed_at}; must be serializable
   */
  public EventLakeWriters(
      LakeLocation lake, ParquetSettings settings, String processorVersion, Clock clock) {
    this(lake, settings, processorVersion, clock, MOST_WAITING_BYTES, LakeStorage::of);
  }

  /**
   * @param mostWaitingBytes how much of the heap a writer's waiting rows may take at the most
   * @param storage of a lake, by its location
   */
  EventLakeWriters(
      LakeLocation lake,
      ParquetSettings settings,
      String processorVersion,
      Clock clock,
      long mostWaitingBytes,
      SerializableFunction<LakeLocation, LakeFiles> storage) {
    this(
        lake,
        Feed.EVENTS,
        settings,
        processorVersion,
        clock,
        mostWaitingBytes,
        storage,
        SpillFolder.OF_JVM);
  }

  private EventLakeWriters(
      LakeLocation lake,
      Feed feed,
      ParquetSettings settings,
      String processorVersion,
      Clock clock,
      long mostWaitingBytes,
      SerializableFunction<LakeLocation, LakeFiles> storage,
      SpillFolder spills) {
    this.lake = lake;
    this.feed = feed;
    this.settings = settings;
    this.processorVersion = processorVersion;
    this.clock = clock;
    this.mostWaitingBytes = mostWaitingBytes;
    this.storage = storage;
    this.spills = spills;
  }

  /** The same, with temporary files in a folder. */
  public EventLakeWriters spillingTo(SpillFolder folder) {
    return new EventLakeWriters(
        lake, feed, settings, processorVersion, clock, mostWaitingBytes, storage, folder);
  }

  /** The same, for the tables of a feed. */
  public EventLakeWriters of(Feed of) {
    return new EventLakeWriters(
        lake, of, settings, processorVersion, clock, mostWaitingBytes, storage, spills);
  }

  private ParquetSettings settings(Proposal.Kind kind) {
    return kind == Proposal.Kind.EVENTS ? settings : settings.withZstdLevel(ZSTD_LEVEL_OF_RECORDS);
  }

  private static byte[] constant(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  @Override
  public Records openRecords() {
    return new RecordFiles();
  }

  @Override
  public Rejects openRejects() {
    return new RejectFiles();
  }

  @Override
  public Events openEvents() {
    feed.requireEvents("writer of events");
    return new EventFiles();
  }

  /** The day of an arrival for {@code ingest_date}, within the years that tables can hold. */
  static long ingestDay(long arrivalMillis) {
    return Math.max(FIRST_DAY, Math.min(LAST_DAY, Math.floorDiv(arrivalMillis, MILLIS_OF_DAY)));
  }

  /** An arrival in microseconds; what does not fit 64 bits becomes the nearest that does. */
  static long micros(long arrivalMillis) {
    return Math.max(Long.MIN_VALUE / 1000, Math.min(Long.MAX_VALUE / 1000, arrivalMillis)) * 1000;
  }

  /** Positions that a file covers, gathered by partition. */
  private static final class Covered {
    private final Map<SourcePartition, OffsetRanges.Builder> runs = new LinkedHashMap<>();
    private final Map<SourcePartition, long[]> rows = new HashMap<>();
    private @Nullable SourcePartition last;
    private OffsetRanges.Builder lastRuns = OffsetRanges.builder();
    private long[] lastRows = new long[1];

    void row(SourcePartition partition, long offset) {
      if (!partition.equals(last)) {
        lastRuns = runs.computeIfAbsent(partition, p -> OffsetRanges.builder());
        lastRows = rows.computeIfAbsent(partition, p -> new long[1]);
        last = partition;
      }
      lastRuns.add(offset);
      lastRows[0]++;
    }

    void holes(SourcePartition partition, OffsetRanges holes) {
      runs.computeIfAbsent(partition, p -> OffsetRanges.builder()).addAll(holes);
    }

    void addAll(Covered other) {
      other.runs.forEach((partition, builder) -> holes(partition, builder.build()));
    }

    Set<SourcePartition> partitions() {
      return runs.keySet();
    }

    List<Coverage> build() {
      List<Coverage> coverage = new ArrayList<>();
      runs.forEach(
          (partition, builder) -> {
            OffsetRanges covered = builder.build();
            if (!covered.isEmpty()) {
              long[] count = rows.get(partition);
              coverage.add(new Coverage(partition, covered, count == null ? 0 : count[0]));
            }
          });
      return coverage;
    }
  }

  /** A file that takes rows. */
  private static final class OpenFile {
    final String path;
    final String date;
    final RowWriter rows;
    final Covered covered = new Covered();
    final EventKeys.Builder keys = EventKeys.builder();
    final List<Integer> conflicting = new ArrayList<>();

    OpenFile(String path, String date, RowWriter rows) {
      this.path = path;
      this.date = date;
      this.rows = rows;
    }

    boolean full() {
      return rows.full() || keys.size() >= MOST_KEYS;
    }
  }

  /** A file that takes no more rows. */
  private record ClosedFile(
      DataFile content, Covered covered, EventKeys keys, List<Integer> conflicting) {}

  /** The files of one table that one bundle writes. */
  private abstract class Files implements Writer {
    private final Proposal.Kind kind;
    private final TableSchema schema;
    private final LakeFiles files = storage.apply(lake);
    private final Map<Long, OpenFile> open = new LinkedHashMap<>();
    private final List<ClosedFile> closed = new ArrayList<>();
    private final Covered holes = new Covered();

    /** Holes of sources where there may be a record at another look. */
    private final Covered passingHoles = new Covered();

    private final Map<SourcePartition, Long> endOffsets = new HashMap<>();
    private final List<String> paths = new ArrayList<>();
    private long lastDay = Long.MIN_VALUE;
    private @Nullable OpenFile lastFile;
    private @Nullable WaitingRows waiting;
    private final Map<SourcePartition, Integer> waitingIndexes = new HashMap<>();
    private final List<SourcePartition> waitingPartitions = new ArrayList<>();
    private @Nullable SourcePartition lastWaiting;
    private int lastWaitingIndex;
    final long createdAtMillis = clock.millis();
    String tableId = "";
    long asOf = -1;

    Files(Proposal.Kind kind, TableSchema schema) {
      this.kind = kind;
      this.schema = schema;
    }

    /** The file that takes the next row of a day; null if none is open. */
    private @Nullable OpenFile current(long day) {
      OpenFile current = lastFile;
      if (current != null && day == lastDay && !current.full()) {
        return current;
      }
      current = open.get(day);
      if (current != null && current.full()) {
        complete(day, current);
        return null;
      }
      return current == null ? null : last(day, current);
    }

    private OpenFile last(long day, OpenFile file) {
      lastDay = day;
      lastFile = file;
      return file;
    }

    /** The open file for rows of a day; null if the row has to wait. */
    final @Nullable OpenFile fileIfOpen(long day) {
      OpenFile current = current(day);
      return current != null || open.size() >= OPEN || waitsFor(day) ? current : begin(day);
    }

    private OpenFile openFile(long day) {
      OpenFile current = current(day);
      return current != null ? current : begin(day);
    }

    private OpenFile begin(long day) {
      OpenFile file = create(day);
      open.put(day, file);
      return last(day, file);
    }

    private boolean waitsFor(long day) {
      return waiting != null && waiting.holds(day);
    }

    /**
     * Begins a row that waits, with its partition; the caller appends the rest and calls {@link
     * #endWaiting}.
     */
    final Bytes beginWaiting(long day, SourcePartition partition) {
      WaitingRows rows = waiting;
      if (rows == null) {
        rows =
            new WaitingRows(
                Math.min(mostWaitingBytes, Runtime.getRuntime().maxMemory() / 32), spills);
        waiting = rows;
      }
      if (!partition.equals(lastWaiting)) {
        lastWaitingIndex =
            waitingIndexes.computeIfAbsent(
                partition,
                first -> {
                  waitingPartitions.add(first);
                  return waitingPartitions.size() - 1;
                });
        lastWaiting = partition;
      }
      Bytes row = rows.begin(day);
      row.putInt(lastWaitingIndex);
      return row;
    }

    final void endWaiting() {
      if (waiting != null) {
        waiting.end();
      }
    }

    /**
     * Writes a row that waited.
     *
     * @param at where in the array the row begins, behind its partition
     */
    abstract void write(OpenFile file, SourcePartition partition, byte[] array, int at);

    private void writeWaiting() {
      WaitingRows rows = waiting;
      if (rows == null) {
        return;
      }
      for (long day : rows.dates()) {
        rows.take(
            day,
            (array, start, end) -> {
              SourcePartition partition = waitingPartitions.get(Bytes.intAt(array, start));
              write(openFile(day), partition, array, start + Integer.BYTES);
            });
        OpenFile file = open.get(day);
        if (file != null) {
          complete(day, file);
        }
      }
      waiting = null;
      rows.close();
    }

    private OpenFile create(long day) {
      String date = LocalDate.ofEpochDay(day).toString();
      String path =
          schema.partitionColumn()
              + "="
              + date
              + "/"
              + createdAtMillis
              + "-"
              + UUID.randomUUID()
              + ".parquet";
      String absolute = lake.path(schema.path() + "/" + path);
      paths.add(absolute);
      return new OpenFile(
          path,
          date,
          new RowWriter(
              files, absolute, schema.columns(), ParquetSettings.SELDOM_REPEATED, settings(kind)));
    }

    /** The key-value metadata of a file of this table. */
    Map<String, String> metadata(OpenFile file) {
      return Map.of();
    }

    /** Completes the open file of a day; one that fails stays open, to be closed. */
    private void complete(long day, OpenFile file) {
      RowWriter.Written written = file.rows.finish(metadata(file));
      closed.add(
          new ClosedFile(
              new DataFile(
                  file.path, written.sizeBytes(), written.rows(), file.date, written.stats()),
              file.covered,
              file.keys.build(),
              file.conflicting));
      open.remove(day);
      if (lastFile == file) {
        lastFile = null;
      }
    }

    @SuppressWarnings("UnusedMethod") // the subclasses' interfaces ask for it
    public final void cover(SourcePartition partition, OffsetRanges positions) {
      if (!positions.isEmpty()) {
        (KnownHoles.mayChange(partition) ? passingHoles : holes).holes(partition, positions);
      }
    }

    @SuppressWarnings("UnusedMethod") // the subclasses' interfaces ask for it
    public final void end(SourcePartition partition, long offset) {
      endOffsets.merge(partition, offset, Math::max);
    }

    /** What was found to be a copy, in pieces that each fit into a proposal. */
    List<Duplicates> duplicates() {
      return List.of();
    }

    @Override
    public final List<Proposal> finish() {
      new LinkedHashMap<>(open).forEach(this::complete);
      writeWaiting();
      List<Proposal> result = new ArrayList<>();
      Iterator<Duplicates> duplicates = duplicates().iterator();
      if (closed.isEmpty()) {
        List<Coverage> coverage = holes.build();
        if (!coverage.isEmpty() || !endOffsets.isEmpty()) {
          result.add(withoutRows(coverage, endOffsets, next(duplicates)));
        }
      } else {
        closed.get(0).covered().addAll(holes);
        for (ClosedFile file : closed) {
          result.add(
              new Proposal(
                  kind,
                  file.content(),
                  createdAtMillis,
                  file.covered().build(),
                  result.isEmpty() ? endOffsets : Map.of(),
                  tableId,
                  asOf,
                  file.keys(),
                  file.conflicting(),
                  result.isEmpty() ? next(duplicates) : Duplicates.none()));
        }
      }
      List<Coverage> apart = passingHoles.build();
      if (!apart.isEmpty()) {
        result.add(withoutRows(apart, Map.of(), Duplicates.none()));
      }
      while (duplicates.hasNext()) {
        result.add(withoutRows(List.of(), Map.of(), duplicates.next()));
      }
      paths.clear();
      return result;
    }

    private static Duplicates next(Iterator<Duplicates> pieces) {
      return pieces.hasNext() ? pieces.next() : Duplicates.none();
    }

    private Proposal withoutRows(
        List<Coverage> coverage, Map<SourcePartition, Long> endOffsets, Duplicates duplicates) {
      return new Proposal(
          kind,
          null,
          createdAtMillis,
          coverage,
          endOffsets,
          tableId,
          asOf,
          EventKeys.empty(),
          List.of(),
          duplicates);
    }

    /** Lets go of everything, whatever fails in between; the first failure is thrown. */
    @Override
    public final void close() {
      List<Runnable> steps = new ArrayList<>();
      if (waiting != null) {
        steps.add(waiting::close);
      }
      open.values().forEach(file -> steps.add(file.rows::close));
      paths.forEach(path -> steps.add(() -> delete(path)));
      waiting = null;
      open.clear();
      lastFile = null;
      paths.clear();
      RuntimeException failure = null;
      for (Runnable step : steps) {
        try {
          step.run();
        } catch (RuntimeException e) {
          if (failure == null) {
            failure = e;
          } else {
            failure.addSuppressed(e);
          }
        }
      }
      if (failure != null) {
        throw failure;
      }
    }

    private void delete(String path) {
      try {
        files.delete(path);
      } catch (IOException e) {
        throw StorageFailures.of("delete", path, e);
      }
    }
  }

  /** The columns that bronze and quarantine have in common, by their handles in one table. */
  private record RecordColumns(
      int source, int partition, int offset, int ingestedAt, int key, int headers, int value) {
    static RecordColumns of(TableSchema table) {
      return new RecordColumns(
          table.index("_source"),
          table.index("_partition"),
          table.index("_offset"),
          table.index("_ingested_at"),
          table.index("_key"),
          table.index("_headers"),
          table.index("value"));
    }

    /** Puts a record as received. */
    void put(RowWriter rows, byte[] sourceName, int number, RawBatch.Cursor record) {
      byte[] bytes = record.bytes();
      rows.putBytes(source, sourceName);
      rows.putInt(partition, number);
      rows.putLong(offset, record.offset());
      rows.putLong(ingestedAt, micros(record.arrivalMillis()));
      putSlice(rows, key, bytes, record.keyStart(), record.keyLength());
      putSlice(rows, headers, bytes, record.headersStart(), record.headersLength());
      putSlice(rows, value, bytes, record.valueStart(), record.valueLength());
    }
  }

  private static void putSlice(RowWriter rows, int column, byte[] bytes, int start, int length) {
    if (length < 0) {
      rows.putNull(column);
    } else {
      rows.putBytes(column, bytes, start, length);
    }
  }

  /** The bytes of source names, kept because they come row after row. */
  private static final class SourceNames {
    private final Map<String, byte[]> names = new HashMap<>();
    private String last = "";
    private byte[] lastName = new byte[0];

    @SuppressWarnings("ReferenceEquality") // a shortcut; equal ones are found in the map
    byte[] of(String source) {
      if (source != last) {
        lastName = names.computeIfAbsent(source, EventLakeWriters::constant);
        last = source;
      }
      return lastName;
    }
  }

  private final class RecordFiles extends Files implements Records {
    private static final RecordColumns COLUMNS = RecordColumns.of(Feed.EVENTS.bronze());

    private final SourceNames sources = new SourceNames();
    private boolean seenAny;

    RecordFiles() {
      super(Proposal.Kind.RECORDS, feed.bronze());
    }

    @Override
    Map<String, String> metadata(OpenFile file) {
      return LandedGeneration.metadata(file.covered.partitions());
    }

    @Override
    public void write(SourcePartition partition, RawBatch.Cursor record) {
      long day = ingestDay(record.arrivalMillis());
      OpenFile file = fileIfOpen(day);
      if (file == null) {
        record.copyTo(beginWaiting(day, partition));
        endWaiting();
      } else {
        write(file, partition, record);
      }
    }

    @Override
    void write(OpenFile file, SourcePartition partition, byte[] array, int at) {
      write(file, partition, RawBatch.copyAt(partition, array, at));
    }

    private void write(OpenFile file, SourcePartition partition, RawBatch.Cursor record) {
      COLUMNS.put(file.rows, sources.of(partition.source()), partition.number(), record);
      file.rows.endRow();
      file.covered.row(partition, record.offset());
    }

    @Override
    public void seen(long version) {
      asOf = seenAny ? Math.min(asOf, version) : version;
      seenAny = true;
    }
  }

  private final class RejectFiles extends Files implements Rejects {
    private static final TableSchema TABLE = Feed.EVENTS.quarantine();
    private static final RecordColumns COLUMNS = RecordColumns.of(TABLE);
    private static final int REASON = TABLE.index("reason");
    private static final int FIELD = TABLE.index("field");
    private static final int DETAIL = TABLE.index("detail");
    private static final int STAGE = TABLE.index("stage");
    private static final int PROCESSOR_VERSION = TABLE.index("processor_version");

    private final SourceNames sources = new SourceNames();
    private final byte[] stage = constant("parse");
    private final byte[] processor = constant(processorVersion);
    private final SourceNames fields = new SourceNames();

    RejectFiles() {
      super(Proposal.Kind.REJECTS, feed.quarantine());
    }

    @Override
    public void write(SourcePartition partition, RawBatch.Cursor record, Reject reject) {
      long day = ingestDay(record.arrivalMillis());
      OpenFile file = fileIfOpen(day);
      if (file != null) {
        write(file, partition, record, reject);
        return;
      }
      Bytes row = beginWaiting(day, partition);
      String field = reject.field();
      row.putInt(reject.reason().ordinal());
      putText(row, field == null ? "" : field);
      putText(row, reject.detail());
      record.copyTo(row);
      endWaiting();
    }

    private static void putText(Bytes row, String text) {
      byte[] bytes = constant(text);
      row.putSlice(bytes, 0, bytes.length);
    }

    @Override
    void write(OpenFile file, SourcePartition partition, byte[] array, int at) {
      Bytes.Reader row = new Bytes.Reader(array, at + Integer.BYTES);
      String field = text(row);
      String detail = text(row);
      Reject reject =
          new Reject(
              REJECT_REASONS[Bytes.intAt(array, at)], field.isEmpty() ? null : field, detail);
      write(file, partition, RawBatch.copyAt(partition, array, row.position()), reject);
    }

    private static String text(Bytes.Reader row) {
      return new String(
          row.readBytes((int) row.readVarint()), java.nio.charset.StandardCharsets.UTF_8);
    }

    private void write(
        OpenFile file, SourcePartition partition, RawBatch.Cursor record, Reject reject) {
      RowWriter rows = file.rows;
      COLUMNS.put(rows, sources.of(partition.source()), partition.number(), record);
      rows.putBytes(REASON, REASONS.get(reject.reason()));
      String field = reject.field();
      if (field == null) {
        rows.putNull(FIELD);
      } else {
        rows.putBytes(FIELD, fields.of(field));
      }
      rows.putBytes(DETAIL, constant(reject.detail()));
      rows.putBytes(STAGE, stage);
      rows.putBytes(PROCESSOR_VERSION, processor);
      rows.endRow();
      file.covered.row(partition, record.offset());
    }
  }

  private final class EventFiles extends Files implements Events {
    private static final TableSchema TABLE = Feed.EVENTS.silver();
    private static final int EVENT_ID = TABLE.index("event_id");
    private static final int SCHEMA_VERSION = TABLE.index("schema_version");
    private static final int EVENT_TIME = TABLE.index("event_time");
    private static final int ACTION = TABLE.index("action");
    private static final int DEVICE_TYPE = TABLE.index("device_type");
    private static final int QUANTITY = TABLE.index("quantity");
    private static final int PRICE = TABLE.index("price");
    private static final int SOURCE = TABLE.index("_source");
    private static final int PARTITION = TABLE.index("_partition");
    private static final int OFFSET = TABLE.index("_offset");
    private static final int INGESTED_AT = TABLE.index("_ingested_at");
    private static final int PROCESSED_AT = TABLE.index("_processed_at");
    private static final int DIGEST = TABLE.index("_digest");
    private static final TextField[] TEXTS = TextField.values();

    /** The column of each of {@link #TEXTS}. */
    private static final int[] TEXT_COLUMNS =
        Arrays.stream(TEXTS).mapToInt(field -> TABLE.index(field.column())).toArray();

    private static final long MICROS_OF_DAY = MILLIS_OF_DAY * 1000;

    private final SourceNames sources = new SourceNames();
    private final byte[] id = new byte[Uuids.LENGTH];
    private final List<Duplicates> pieces = new ArrayList<>();
    private Duplicates.Builder duplicates = Duplicates.builder();
    private boolean asOfAny;

    EventFiles() {
      super(Proposal.Kind.EVENTS, TABLE);
    }

    @Override
    public void write(EventBatch.Cursor event, boolean conflicting) {
      long day = Math.floorDiv(event.eventMicros(), MICROS_OF_DAY);
      OpenFile file = fileIfOpen(day);
      if (file != null) {
        write(file, event, conflicting);
        return;
      }
      Bytes row = beginWaiting(day, event.partition());
      row.putByte(conflicting ? 1 : 0);
      event.copyTo(row);
      endWaiting();
    }

    @Override
    void write(OpenFile file, SourcePartition partition, byte[] array, int at) {
      write(file, EventBatch.copyAt(partition, array, at + 1), array[at] != 0);
    }

    private void write(OpenFile file, EventBatch.Cursor event, boolean conflicting) {
      long micros = event.eventMicros();
      RowWriter rows = file.rows;
      SourcePartition partition = event.partition();
      Uuids.format(event.idHigh(), event.idLow(), id);
      rows.putBytes(EVENT_ID, id, 0, Uuids.LENGTH);
      rows.putInt(SCHEMA_VERSION, event.schemaVersion());
      rows.putLong(EVENT_TIME, micros);
      rows.putBytes(ACTION, ACTIONS.get(event.action()));
      DeviceType device = event.deviceType();
      if (device == null) {
        rows.putNull(DEVICE_TYPE);
      } else {
        rows.putBytes(DEVICE_TYPE, DEVICES.get(device));
      }
      byte[] bytes = event.bytes();
      for (int slot = 0; slot < TEXTS.length; slot++) {
        TextField field = TEXTS[slot];
        int column = TEXT_COLUMNS[slot];
        if (event.has(field)) {
          rows.putBytes(column, bytes, event.start(field), event.length(field));
        } else {
          rows.putNull(column);
        }
      }
      if (event.hasQuantity()) {
        rows.putInt(QUANTITY, event.quantity());
      } else {
        rows.putNull(QUANTITY);
      }
      if (event.hasPrice()) {
        rows.putLong(PRICE, event.price());
      } else {
        rows.putNull(PRICE);
      }
      rows.putBytes(SOURCE, sources.of(partition.source()));
      rows.putInt(PARTITION, partition.number());
      rows.putLong(OFFSET, event.offset());
      rows.putLong(INGESTED_AT, micros(event.arrivalMillis()));
      rows.putLong(PROCESSED_AT, createdAtMillis * 1000);
      rows.putLong(DIGEST, event.digest());
      if (conflicting) {
        file.conflicting.add(file.keys.size());
      }
      rows.endRow();
      file.keys.add(event.idHigh(), event.idLow(), micros);
      file.covered.row(partition, event.offset());
    }

    @Override
    public void duplicate(EventBatch.Cursor event, boolean originalInSilver, boolean conflict) {
      if (duplicates.size() == MOST_DUPLICATES) {
        pieces.add(duplicates.build());
        duplicates = Duplicates.builder();
      }
      duplicates.add(
          event.partition(),
          event.offset(),
          event.idHigh(),
          event.idLow(),
          event.eventMicros(),
          originalInSilver,
          conflict);
    }

    @Override
    public void asOf(SilverIds.Version version) {
      if (!asOfAny || version.number() < asOf) {
        asOf = version.number();
        tableId = version.tableId();
      }
      asOfAny = true;
    }

    @Override
    List<Duplicates> duplicates() {
      if (duplicates.size() > 0) {
        pieces.add(duplicates.build());
      }
      return pieces;
    }
  }
}
