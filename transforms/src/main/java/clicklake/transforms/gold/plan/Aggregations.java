package clicklake.transforms.gold.plan;

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
import clicklake.transforms.gold.minute.LateAwareAggregation;
import clicklake.transforms.gold.minute.LateUsersPerMinute;
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
import clicklake.transforms.gold.table.EventRows;
import clicklake.transforms.gold.table.GoldDefinition;
import clicklake.transforms.gold.table.GoldTable;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The definitions of all gold tables. A value that may be sent to workers. */
public final class Aggregations implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * Every table, each after the one that it is derived from; what has no definition is no table.
   */
  public static final List<GoldTable> ALL = tables(definitions(Duration.ZERO));

  /** The tables that follow silver within seconds. */
  public static final List<GoldTable> LIVE =
      tables(
          definitions(Duration.ZERO).stream()
              .filter(LateAwareAggregation.class::isInstance)
              .toList());

  /** Tables that a lake of an earlier version lacks until its next refresh. */
  public static final Set<GoldTable> ADDED_LATER = Set.of(LateUsersPerMinute.TABLE);

  /** The tables that a refresh of gold computes. */
  public static final List<GoldTable> EXACT =
      ALL.stream().filter(table -> !LIVE.contains(table)).toList();

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
   * The one list of what gold holds. Tables are committed in this order, so that derived ones stand
   * behind their sources.
   */
  private static List<GoldDefinition> definitions(Duration lateness) {
    return List.of(
        new EventsPerMinute(),
        new ActiveUsersPerMinute(),
        new SessionVisits(),
        new FactEvents(),
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
        new LateUsersPerMinute(lateness),
        new Sessions(),
        new DailyActiveUsers(),
        new TopPages(),
        new TopProducts(),
        new DimPages());
  }

  /** Tables of definitions: the exact ones, then the live ones. */
  private static List<GoldTable> tables(List<GoldDefinition> definitions) {
    Set<GoldTable> tables = new LinkedHashSet<>();
    for (boolean live : new boolean[] {false, true}) {
      for (GoldDefinition definition : definitions) {
        GoldTable table = definition.table();
        if (definition instanceof LateAwareAggregation<?, ?> == live) {
          String source = table.source();
          if (source != null && tables.stream().noneMatch(known -> known.path().equals(source))) {
            throw new IllegalStateException(
                table + " is derived from " + source + ", which is not defined before it");
          }
          tables.add(table);
        }
      }
    }
    return List.copyOf(tables);
  }

  /**
   * The table of a path.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static GoldTable table(String path) {
    return ALL.stream()
        .filter(table -> table.path().equals(path))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no gold table lies at " + path));
  }

  /**
   * Every aggregation, those of derived tables behind the others. Their index in this list names
   * them between workers.
   */
  List<Aggregation<?, ?>> all() {
    List<Aggregation<?, ?>> known = all;
    if (known == null) {
      List<Aggregation<?, ?>> aggregations = new ArrayList<>();
      for (GoldDefinition definition : definitions(lateness)) {
        if (definition instanceof Aggregation<?, ?> aggregation) {
          aggregations.add(aggregation);
        }
      }
      known = List.copyOf(aggregations);
      all = known;
    }
    return known;
  }

  /** Definitions of the append-only tables among these. */
  public List<EventRows> eventRows(Set<String> tables) {
    List<EventRows> found = new ArrayList<>();
    for (GoldDefinition definition : definitions(lateness)) {
      if (definition instanceof EventRows rows && tables.contains(rows.table().path())) {
        found.add(rows);
      }
    }
    return found;
  }

  /** The aggregation of an index; key and accumulator types are erased here. */
  @SuppressWarnings("unchecked")
  public Aggregation<Object, Object> aggregation(int index) {
    return (Aggregation<Object, Object>) all().get(index);
  }

  /** Path of the table that a part's rows belong to. */
  public String path(Part part) {
    return aggregation(part.aggregation()).table().path();
  }

  /** Whether an aggregation's rows are keys and nothing else. */
  public boolean isKeys(int index) {
    return all().get(index) instanceof DistinctKeys<?, ?>;
  }

  /** The same definition, where {@link #isKeys}. */
  @SuppressWarnings("unchecked")
  public DistinctKeys<Object, Object> keys(int index) {
    return (DistinctKeys<Object, Object>) all().get(index);
  }

  /**
   * Index of the aggregation that reads events and existing rows for a table; -1 if there is none.
   */
  public int aggregationOf(String table) {
    List<Aggregation<?, ?>> aggregations = all();
    for (int i = 0; i < aggregations.size(); i++) {
      if (aggregations.get(i).table().path().equals(table)) {
        return i;
      }
    }
    return -1;
  }

  /** Index of the aggregation that takes the rows that are derived for a table. */
  public int derived(GoldTable table) {
    List<Aggregation<?, ?>> aggregations = all();
    for (int i = aggregations.size() - 1; i >= 0; i--) {
      if (aggregations.get(i).table().equals(table)) {
        return i;
      }
    }
    throw new IllegalArgumentException("nothing defines " + table);
  }

  /** Whether an aggregation must run in the second stage, after its sources. */
  public boolean isDerived(int index) {
    return aggregation(index).table().source() != null
        || aggregationOf(aggregation(index).table().path()) != index;
  }

  /** The columns of silver that tables are computed from. */
  public Set<String> reads(Set<String> tables) {
    Set<String> names = new TreeSet<>();
    names.add("event_time");
    for (GoldDefinition definition : definitions(lateness)) {
      if (tables.contains(definition.table().path())) {
        names.addAll(definition.reads());
      }
    }
    return names;
  }
}
