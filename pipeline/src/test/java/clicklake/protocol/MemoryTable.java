package clicklake.protocol;

import clicklake.io.parquet.FileStatistics;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.CommitConflictException;
import clicklake.schemas.table.LakeException;
import clicklake.schemas.table.LandedGeneration;
import clicklake.schemas.table.TableFiles;
import clicklake.schemas.table.TableLog;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A table in memory that keeps the promises of {@link TableLog} and {@link TableFiles}: versions
 * are put once, files stay until deleted. Any number of {@link Handle}s work on it.
 */
final class MemoryTable {
  private final String name;
  private final List<Version> versions = new ArrayList<>();
  private final Map<String, List<TableFiles.RowFacts>> files = new HashMap<>();
  private long names;

  private record Version(
      TableLog.LogCommit commit, Map<String, DataFile> live, Map<String, String> domains) {}

  MemoryTable(String name) {
    this.name = name;
  }

  /** Stores rows as a file that nobody knows yet. */
  DataFile write(List<TableFiles.RowFacts> rows, String date) {
    String path = date + "/" + names++ + ".parquet";
    files.put(path, List.copyOf(rows));
    return new DataFile(path, 1, rows.size(), date, stats(rows));
  }

  /** Bounds of the event time, as the log has them. */
  private static String stats(List<TableFiles.RowFacts> rows) {
    LongSummaryStatistics times =
        rows.stream().mapToLong(TableFiles.RowFacts::eventMicros).summaryStatistics();
    return rows.isEmpty()
        ? "{}"
        : "{\"minValues\":{\"event_time\":\"%s\"},\"maxValues\":{\"event_time\":\"%s\"}}"
            .formatted(
                FileStatistics.time(times.getMin(), false).orElseThrow(),
                FileStatistics.time(times.getMax(), true).orElseThrow());
  }

  /** Every row of the newest version. */
  List<TableFiles.RowFacts> liveRows() {
    List<TableFiles.RowFacts> rows = new ArrayList<>();
    if (!versions.isEmpty()) {
      for (DataFile file : newestVersion().live().values()) {
        rows.addAll(files.get(file.path()));
      }
    }
    return rows;
  }

  private Version newestVersion() {
    return versions.get(versions.size() - 1);
  }

  int versionCount() {
    return versions.size();
  }

  /** What OPTIMIZE does: files of one date become one, no row changes. */
  void optimize() {
    if (versions.isEmpty()) {
      return;
    }
    Map<String, List<DataFile>> byDate = new LinkedHashMap<>();
    newestVersion()
        .live()
        .values()
        .forEach(
            file ->
                byDate
                    .computeIfAbsent(String.valueOf(file.date()), date -> new ArrayList<>())
                    .add(file));
    Map<String, DataFile> live = new LinkedHashMap<>();
    byDate.forEach(
        (date, parts) -> {
          List<TableFiles.RowFacts> rows = new ArrayList<>();
          parts.forEach(part -> rows.addAll(files.get(part.path())));
          DataFile merged = write(rows, date);
          live.put(merged.path(), merged);
        });
    versions.add(
        new Version(
            new TableLog.LogCommit(
                versions.size(), "OPTIMIZE", List.of(), List.of(), true, Set.of()),
            live,
            newestVersion().domains()));
  }

  /** What RESTORE does: the files of an older version, the domains of the newest. */
  void restore(int version) {
    Map<String, DataFile> target = versions.get(version).live();
    Map<String, DataFile> now = newestVersion().live();
    List<DataFile> adds =
        target.values().stream().filter(file -> !now.containsKey(file.path())).toList();
    List<String> removes = now.keySet().stream().filter(path -> !target.containsKey(path)).toList();
    versions.add(
        new Version(
            new TableLog.LogCommit(versions.size(), "RESTORE", adds, removes, false, Set.of()),
            target,
            newestVersion().domains()));
  }

  /** A handle as one process holds it. */
  Handle handle(Runnable beforePut) {
    return new Handle(beforePut);
  }

  /** One process's view of the table. */
  final class Handle implements TableLog, TableFiles {
    private final Runnable beforePut;
    private boolean failAfterPut;

    /** The version that this process has seen last; -1 if none. */
    private int known = -1;

    private Handle(Runnable beforePut) {
      this.beforePut = beforePut;
    }

    /** Makes the next commit succeed and report a broken connection. */
    void failAfterNextPut() {
      failAfterPut = true;
    }

    @Override
    public String name() {
      return name;
    }

    /** None: whatever another handle does, it has done before this one is asked. */
    @Override
    public Duration maxBackoff(int failures) {
      return Duration.ZERO;
    }

    @Override
    public Optional<TableState> newest() {
      known = versions.size() - 1;
      return known();
    }

    @Override
    public Optional<TableState> known() {
      return known < 0 ? Optional.empty() : Optional.of(state(known));
    }

    private TableState state(int version) {
      return new TableState(name + "-id", version, versions.get(version).domains());
    }

    @Override
    public TableState create(Map<String, String> domains) {
      if (versions.isEmpty()) {
        versions.add(
            new Version(
                new LogCommit(0, "CREATE TABLE", List.of(), List.of(), false, domains.keySet()),
                Map.of(),
                domains));
      }
      known = versions.size() - 1;
      return state(known);
    }

    @Override
    public boolean showCommits(long since, long until, CommitVisitor visitor) {
      for (Version version : versions.subList((int) since + 1, (int) until + 1)) {
        if (!visitor.show(version.commit())) {
          break;
        }
      }
      return true;
    }

    /** Nothing of what is tested in memory goes by the time of a commit. */
    @Override
    public Optional<Instant> committedAt(long version) {
      return Optional.empty();
    }

    @Override
    public TableState commit(TableState base, Changes changes) {
      beforePut.run();
      if (base.version() != versions.size() - 1) {
        throw new CommitConflictException(name, base.version() + 1);
      }
      Version before = newestVersion();
      Map<String, DataFile> live = new LinkedHashMap<>(before.live());
      for (DataFile removed : changes.removes()) {
        if (live.remove(removed.path()) == null) {
          throw new AssertionError("removes " + removed.path() + ", which is not in the table");
        }
      }
      for (DataFile added : changes.adds()) {
        if (live.put(added.path(), added) != null) {
          throw new AssertionError("adds " + added.path() + " twice");
        }
      }
      Map<String, String> domains = new HashMap<>(before.domains());
      domains.putAll(changes.domains());
      versions.add(
          new Version(
              new LogCommit(
                  versions.size(),
                  changes.operation(),
                  changes.adds(),
                  changes.removes().stream().map(DataFile::path).toList(),
                  false,
                  changes.domains().keySet()),
              live,
              domains));
      if (failAfterPut) {
        failAfterPut = false;
        known = -1;
        throw new LakeException(name + ": the connection broke during the put");
      }
      known = versions.size() - 1;
      return state(known);
    }

    @Override
    public void showFiles(
        TableState state, @Nullable Set<LocalDate> dates, Consumer<DataFile> visitor) {
      versions.get((int) state.version()).live().values().stream()
          .filter(
              file -> dates == null || dates.contains(LocalDate.parse(String.valueOf(file.date()))))
          .forEach(visitor);
    }

    @Override
    public long countRows(DataFile file) {
      return file.rows();
    }

    @Override
    public boolean exists(String path) {
      return files.containsKey(path);
    }

    @Override
    public List<RowFacts> rows(DataFile file) {
      return files.get(file.path());
    }

    @Override
    public Collection<LandedGeneration> landed(DataFile file) {
      return rows(file).stream()
          .map(
              row ->
                  new LandedGeneration(
                      LandedGeneration.hash(row.source()),
                      row.partition(),
                      Math.floorDiv(row.arrivalMicros(), 1000L),
                      -1))
          .distinct()
          .toList();
    }

    @Override
    public DataFile rewriteWithout(
        DataFile file, Predicate<RowFacts> dropped, long createdAtMillis) {
      return write(
          files.get(file.path()).stream().filter(dropped.negate()).toList(),
          String.valueOf(file.date()));
    }

    @Override
    public void delete(String path) {
      files.remove(path);
    }
  }
}
