package clicklake.transforms.gold;

import clicklake.schemas.table.GoldTable;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The definitions of all gold tables. A value that may be sent to workers. */
public final class Marts implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Duration lateness;
  private transient @Nullable List<Mart<?, ?>> all;

  private Marts(Duration lateness) {
    this.lateness = lateness;
  }

  /**
   * The definitions.
   *
   * @param lateness how long after a minute's end the live tables count its events
   */
  public static Marts of(Duration lateness) {
    return new Marts(lateness);
  }

  /**
   * Every definition, those that are drawn from others behind them. Their number in this list names
   * them between workers.
   */
  List<Mart<?, ?>> all() {
    List<Mart<?, ?>> known = all;
    if (known == null) {
      known =
          List.of(
              new EventsPerMinute(),
              new ActiveUsersPerMinute(),
              new FindSessions(),
              new UserDays(),
              new PageDays(),
              new ProductDays(),
              new PageUsers(),
              new DimUsersStats(),
              new EventsPerSource(),
              new ConversionRate(),
              new LiveEventsPerMinute(lateness),
              new LiveActiveUsersPerMinute(lateness),
              new LiveLoginsPerSource(lateness),
              new LivePurchasesPerMinute(lateness),
              new Sessions(),
              new DailyActiveUsers(),
              new TopPages(),
              new TopProducts(),
              new DimPages());
      all = known;
    }
    return known;
  }

  /** The definitions by number, of a kind of which only the user of a key knows more. */
  @SuppressWarnings("unchecked")
  Mart<Object, Object> mart(int number) {
    return (Mart<Object, Object>) all().get(number);
  }

  /** Whether a definition's rows are keys and nothing else. */
  boolean isKeys(int number) {
    return all().get(number) instanceof KeyMart<?, ?>;
  }

  /** The same definition, where {@link #isKeys}. */
  @SuppressWarnings("unchecked")
  KeyMart<Object, Object> keys(int number) {
    return (KeyMart<Object, Object>) all().get(number);
  }

  /** Number of the definition that takes in a table's rows and silver's for it; -1 if none. */
  int intake(String table) {
    List<Mart<?, ?>> marts = all();
    for (int i = 0; i < marts.size(); i++) {
      if (marts.get(i).table().path().equals(table)) {
        return i;
      }
    }
    return -1;
  }

  /** Number of the definition that takes rows which another one draws for a table. */
  int drawn(GoldTable table) {
    List<Mart<?, ?>> marts = all();
    for (int i = marts.size() - 1; i >= 0; i--) {
      if (marts.get(i).table().equals(table)) {
        return i;
      }
    }
    throw new IllegalArgumentException("nothing defines " + table);
  }

  /** Whether a definition's parts are complete only when others have drawn rows for it. */
  boolean isDrawn(int number) {
    return mart(number).table().source() != null || intake(mart(number).table().path()) != number;
  }

  /** The columns of silver that tables are computed from. */
  Set<String> reads(Set<String> tables) {
    Set<String> names = new TreeSet<>();
    names.add("event_time");
    for (Mart<?, ?> mart : all()) {
      if (tables.contains(mart.table().path())) {
        names.addAll(mart.reads());
      }
    }
    if (tables.contains(FactEvents.TABLE.path())) {
      names.addAll(FactEvents.READS);
    }
    return names;
  }
}
