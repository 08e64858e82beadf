package clicklake.transforms.live;

import static java.util.stream.Collectors.toSet;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.TableReaders;
import clicklake.schemas.lake.TableStore;
import clicklake.schemas.table.TableLog;
import clicklake.schemas.table.TableLog.TableState;
import clicklake.schemas.table.TimeSpans;
import clicklake.schemas.table.TimeSpans.Span;
import clicklake.transforms.gold.minute.LateUsersPerMinute;
import clicklake.transforms.gold.minute.LiveActiveUsersPerMinute;
import clicklake.transforms.gold.minute.LiveEventsPerMinute;
import clicklake.transforms.gold.minute.LiveLoginsPerSource;
import clicklake.transforms.gold.plan.SourceVersions;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.SilverEvent;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The files of a lake's live tables at one version, listed once, to read minutes from. */
public final class LiveFiles {
  /** The live tables that minutes are read from; purchases are events of that action. */
  public static final List<GoldTable> TABLES =
      List.of(
          LiveEventsPerMinute.TABLE,
          LiveLoginsPerSource.TABLE,
          LiveActiveUsersPerMinute.TABLE,
          LateUsersPerMinute.TABLE);

  /** Of more dates than these the bounds of the files tell by themselves. */
  private static final int MAX_DATES = 1_000;

  private final TableReaders readers;
  private final long silverVersion;
  private final Map<String, List<Listed>> files;

  private record Listed(DataFile file, Span minutes) {}

  private LiveFiles(TableReaders readers, long silverVersion, Map<String, List<Listed>> files) {
    this.readers = readers;
    this.silverVersion = silverVersion;
    this.files = files;
  }

  /**
   * Lists the files of a lake, as its live tables are known to this process.
   *
   * @param range of minutes, by their starts in microseconds since 1970: others are left out
   */
  public static LiveFiles of(TableStore store, Span range) {
    Set<LocalDate> dates = dates(range);
    Map<String, List<Listed>> files = new HashMap<>();
    long version = Long.MAX_VALUE;
    for (GoldTable table : TABLES) {
      TableLog log = store.log(table.schema());
      TableState state = log.known().or(log::newest).orElse(null);
      SourceVersions sources =
          state == null ? null : SourceVersions.of(table.path(), state.domains());
      if (state == null || sources == null) {
        version = -1;
        continue;
      }
      version = Math.min(version, sources.silverVersion());
      List<Listed> found = new ArrayList<>();
      log.showFiles(
          state,
          dates,
          file -> {
            Span minutes = rows(table, file);
            if (overlap(minutes, range)) {
              found.add(new Listed(file.withoutStats(), minutes));
            }
          });
      files.put(table.path(), found);
    }
    return new LiveFiles(store.readers(), version, files);
  }

  /**
   * The minutes that rows of a live table's file belong to: by its statistics, where another writer
   * left any, and within its date.
   */
  public static Span rows(GoldTable table, DataFile file) {
    Span rows = TimeSpans.ofRows(file, table.start(), table.end(), table.endIncluded());
    String date = file.date();
    if (date == null) {
      return rows;
    }
    long start = LocalDate.parse(date).toEpochDay() * SilverEvent.MICROS_OF_DAY;
    return new Span(
        Math.max(rows.from(), start), Math.min(rows.to(), start + SilverEvent.MICROS_OF_DAY - 1));
  }

  private static boolean overlap(Span one, Span other) {
    return one.from() <= other.to() && other.from() <= one.to();
  }

  private static @Nullable Set<LocalDate> dates(Span range) {
    long first = Math.floorDiv(range.from(), SilverEvent.MICROS_OF_DAY);
    long last = Math.floorDiv(range.to(), SilverEvent.MICROS_OF_DAY);
    return last - first > MAX_DATES
        ? null
        : LongStream.rangeClosed(first, last).mapToObj(LocalDate::ofEpochDay).collect(toSet());
  }

  /** Silver's figures of some of the minutes. */
  public SilverMinutes minutes(Span range) {
    Map<String, List<DataFile>> some = new HashMap<>();
    files.forEach(
        (table, all) ->
            some.put(
                table,
                all.stream()
                    .filter(listed -> overlap(listed.minutes(), range))
                    .map(Listed::file)
                    .toList()));
    return new SilverMinutes(readers, silverVersion, some);
  }
}
