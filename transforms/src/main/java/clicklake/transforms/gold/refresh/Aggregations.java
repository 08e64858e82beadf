package clicklake.transforms.gold.refresh;

import clicklake.transforms.gold.daily.ConversionRate;
import clicklake.transforms.gold.daily.DailyActiveUsers;
import clicklake.transforms.gold.daily.EventsPerSource;
import clicklake.transforms.gold.daily.PageDays;
import clicklake.transforms.gold.daily.ProductDays;
import clicklake.transforms.gold.daily.TopPages;
import clicklake.transforms.gold.daily.TopProducts;
import clicklake.transforms.gold.daily.UserDays;
import clicklake.transforms.gold.minute.ActiveUsersPerMinute;
import clicklake.transforms.gold.minute.EventsPerMinute;
import clicklake.transforms.gold.minute.LiveActiveUsersPerMinute;
import clicklake.transforms.gold.minute.LiveEventsPerMinute;
import clicklake.transforms.gold.minute.LiveLoginsPerSource;
import clicklake.transforms.gold.minute.LivePurchasesPerMinute;
import clicklake.transforms.gold.session.SessionVisits;
import clicklake.transforms.gold.session.Sessions;
import clicklake.transforms.gold.star.DimPages;
import clicklake.transforms.gold.star.DimUsersStats;
import clicklake.transforms.gold.star.FactEvents;
import clicklake.transforms.gold.star.PageUsers;
import clicklake.transforms.gold.table.Aggregation;
import clicklake.transforms.gold.table.DistinctKeys;
import clicklake.transforms.gold.table.GoldTable;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The definitions of all gold tables. A value that may be sent to workers. */
public final class Aggregations implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Duration lateness;
  private transient @Nullable List<Aggregation<?, ?>> all;

  private Aggregations(Duration lateness) {
    this.lateness = lateness;
  }

  /**
   * The definitions.
   *
   * @param lateness how long after a minute's end the live tables count its events
   */
  public static Aggregations of(Duration lateness) {
    return new Aggregations(lateness);
  }

  /**
   * Every definition, those that are drawn from others behind them. Their number in this list names
   * them between workers.
   */
  public List<Aggregation<?, ?>> all() {
    List<Aggregation<?, ?>> known = all;
    if (known == null) {
      known =
          List.of(
              new EventsPerMinute(),
              new ActiveUsersPerMinute(),
              new SessionVisits(),
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
  public Aggregation<Object, Object> mart(int number) {
    return (Aggregation<Object, Object>) all().get(number);
  }

  /** Whether a definition's rows are keys and nothing else. */
  public boolean isKeys(int number) {
    return all().get(number) instanceof DistinctKeys<?, ?>;
  }

  /** The same definition, where {@link #isKeys}. */
  @SuppressWarnings("unchecked")
  public DistinctKeys<Object, Object> keys(int number) {
    return (DistinctKeys<Object, Object>) all().get(number);
  }

  /** Number of the definition that takes in a table's rows and silver's for it; -1 if none. */
  public int intake(String table) {
    List<Aggregation<?, ?>> marts = all();
    for (int i = 0; i < marts.size(); i++) {
      if (marts.get(i).table().path().equals(table)) {
        return i;
      }
    }
    return -1;
  }

  /** Number of the definition that takes rows which another one draws for a table. */
  public int drawn(GoldTable table) {
    List<Aggregation<?, ?>> marts = all();
    for (int i = marts.size() - 1; i >= 0; i--) {
      if (marts.get(i).table().equals(table)) {
        return i;
      }
    }
    throw new IllegalArgumentException("nothing defines " + table);
  }

  /** Whether a definition's parts are complete only when others have drawn rows for it. */
  public boolean isDrawn(int number) {
    return mart(number).table().source() != null || intake(mart(number).table().path()) != number;
  }

  /** The columns of silver that tables are computed from. */
  public Set<String> reads(Set<String> tables) {
    Set<String> names = new TreeSet<>();
    names.add("event_time");
    for (Aggregation<?, ?> mart : all()) {
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
