package clicklake.transforms.live;

import static java.util.stream.Collectors.toMap;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.contract.Action;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.lake.TableReaders;
import clicklake.schemas.table.Column;
import clicklake.transforms.gold.minute.LateUsersPerMinute;
import clicklake.transforms.gold.minute.LiveActiveUsersPerMinute;
import clicklake.transforms.gold.minute.LiveEventsPerMinute;
import clicklake.transforms.gold.minute.LiveLoginsPerSource;
import clicklake.transforms.gold.minute.UserSketch;
import clicklake.transforms.gold.table.GoldTable;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Silver's figures of the minutes in a range, all events counted, as the live tables of gold have
 * them at one version. A value that may be sent to workers; it reads the files when it is asked,
 * and once.
 */
public final class SilverMinutes implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final Map<String, Action> ACTIONS =
      Arrays.stream(Action.values()).collect(toMap(Action::text, action -> action));

  private final TableReaders readers;
  private final long silverVersion;
  private final Map<String, List<DataFile>> files;
  private transient @Nullable NavigableMap<Long, MinuteFigures> minutes;
  private transient Map<Long, Integer> userDigests = new HashMap<>();

  /**
   * Figures of files.
   *
   * @param silverVersion see {@link #silverVersion()}
   * @param files by the path of their table
   */
  SilverMinutes(TableReaders readers, long silverVersion, Map<String, List<DataFile>> files) {
    this.readers = readers;
    this.silverVersion = silverVersion;
    this.files = new HashMap<>(files);
  }

  /** The version of silver that all these figures include; -1 if there is none. */
  public long silverVersion() {
    return silverVersion;
  }

  /** The figures of a minute; null if silver has no event of it. */
  public @Nullable MinuteFigures minute(long start) {
    return all().get(start);
  }

  /** The users of some minutes, both included. */
  public UserSketch users(long from, long to) {
    UserSketch users = UserSketch.empty();
    all().subMap(from, true, to, true).values().forEach(minute -> users.addAll(minute.users()));
    return users;
  }

  /** A number that is another if the users of a minute are others; 0 if it has none. */
  public int userDigest(long minute) {
    all();
    return userDigests.getOrDefault(minute, 0);
  }

  /** Every minute that was read, by its start. */
  public NavigableMap<Long, MinuteFigures> all() {
    NavigableMap<Long, MinuteFigures> known = minutes;
    if (known == null) {
      known = read();
      minutes = known;
    }
    return known;
  }

  private NavigableMap<Long, MinuteFigures> read() {
    NavigableMap<Long, MinuteFigures> read = new TreeMap<>();
    userDigests = new HashMap<>();
    readEach(
        LiveEventsPerMinute.TABLE,
        List.of("action", "event_count", "too_late"),
        (minute, row) ->
            at(read, minute)
                .addEvents(
                    ACTIONS.get(row.textAt(1)), row.longAt(2) + row.longAt(3), row.longAt(3)));
    readEach(
        LiveLoginsPerSource.TABLE,
        List.of("source", "logins", "too_late"),
        (minute, row) ->
            at(read, minute)
                .addLogins(row.textAt(1), row.longAt(2) + row.longAt(3), row.longAt(3)));
    readEach(
        LiveActiveUsersPerMinute.TABLE,
        List.of("users_sketch"),
        (minute, row) -> addUsers(at(read, minute), row.bytesAt(1)));
    readEach(
        LateUsersPerMinute.TABLE,
        List.of("users_sketch"),
        (minute, row) -> addUsers(at(read, minute), row.bytesAt(1)));
    return read;
  }

  private void addUsers(MinuteFigures minute, byte[] sketch) {
    minute.addUsers(UserSketch.of(sketch));
    userDigests.merge(
        minute.minute(), Arrays.hashCode(sketch) | 1, (one, other) -> 31 * one + other);
  }

  private static MinuteFigures at(Map<Long, MinuteFigures> minutes, long start) {
    return minutes.computeIfAbsent(start, MinuteFigures::new);
  }

  private interface MinuteRow {
    void row(long minute, TableReader.Row row);
  }

  private void readEach(GoldTable table, List<String> names, MinuteRow visitor) {
    List<Column> columns = new ArrayList<>();
    columns.add(table.schema().column("window_start"));
    names.forEach(name -> columns.add(table.schema().column(name)));
    TableReader reader = readers.of(table.path());
    for (DataFile file : files.getOrDefault(table.path(), List.of())) {
      reader.read(file, columns, row -> visitor.row(row.longAt(0), row));
    }
  }
}
