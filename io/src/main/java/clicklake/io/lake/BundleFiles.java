package clicklake.io.lake;

import clicklake.io.lookup.KnownHoles;
import clicklake.io.parquet.ParquetSettings;
import clicklake.io.parquet.RowWriter;
import clicklake.io.storage.LakeFiles;
import clicklake.io.storage.StorageFailures;
import clicklake.schemas.batch.Bytes;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.eventkey.Duplicates;
import clicklake.schemas.eventkey.EventKeys;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.LakeWriters;
import clicklake.schemas.offset.Coverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.spill.SpillFolder;
import clicklake.schemas.table.TableSchema;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The files of one table that one bundle writes, and what is proposed of them in the end.
 *
 * <p>The files of the first {@value #OPEN} dates are open side by side, and rows of further dates
 * wait (see {@link WaitingRows}) until the bundle ends.
 */
abstract class BundleFiles implements LakeWriters.Writer {
  /** Files of so many dates are open at once. */
  private static final int OPEN = 8;

  /**
   * A proposal carries the keys of its rows, at 24 bytes each, and of its duplicates, at 37 with
   * their positions. It is one record to a runner, and Flink sorts records in buffers that may be
   * no larger than 20 MB.
   */
  private static final int MOST_KEYS = 400_000;

  /**
   * What one bundle's files are written with.
   *
   * @param lake where the lake lies
   * @param files the lake's storage
   * @param parquet how files are encoded
   * @param createdAtMillis the bundle's start
   * @param mostWaitingBytes how much of the heap waiting rows may take at the most
   * @param spills takes waiting rows that do not fit the heap
   */
  record Settings(
      LakeLocation lake,
      LakeFiles files,
      ParquetSettings parquet,
      long createdAtMillis,
      long mostWaitingBytes,
      SpillFolder spills) {}

  /** A file that takes rows. */
  static final class OpenFile {
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

  private final Settings settings;
  private final Proposal.Kind kind;
  private final TableSchema schema;
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
  String tableId = "";
  long asOf = -1;

  BundleFiles(Settings settings, Proposal.Kind kind, TableSchema schema) {
    this.settings = settings;
    this.kind = kind;
    this.schema = schema;
  }

  /** When the bundle began. */
  final long createdAtMillis() {
    return settings.createdAtMillis();
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
              Math.min(settings.mostWaitingBytes(), Runtime.getRuntime().maxMemory() / 32),
              settings.spills());
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
            + createdAtMillis()
            + "-"
            + UUID.randomUUID()
            + ".parquet";
    String absolute = settings.lake().path(schema.path() + "/" + path);
    paths.add(absolute);
    return new OpenFile(
        path,
        date,
        new RowWriter(
            settings.files(),
            absolute,
            schema.columns(),
            ParquetSettings.SELDOM_REPEATED,
            settings.parquet()));
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
                createdAtMillis(),
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
        createdAtMillis(),
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
      settings.files().delete(path);
    } catch (IOException e) {
      throw StorageFailures.of("delete", path, e);
    }
  }
}
