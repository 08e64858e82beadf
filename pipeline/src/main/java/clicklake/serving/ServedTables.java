package clicklake.serving;

import static clicklake.serving.ServedTable.ServedColumn.figure;
import static clicklake.serving.ServedTable.ServedColumn.figureOrNull;
import static clicklake.serving.ServedTable.ServedColumn.key;

import clicklake.serving.ServedTable.ServedColumn;
import clicklake.transforms.gold.daily.ConversionRate;
import clicklake.transforms.gold.daily.DailyActiveUsers;
import clicklake.transforms.gold.daily.EventsPerSource;
import clicklake.transforms.gold.daily.TopPages;
import clicklake.transforms.gold.daily.TopProducts;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.live.LiveTable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Every table that ClickHouse serves. */
public final class ServedTables {
  private static final String REALTIME = "realtime";
  private static final String GOLD = "gold";
  private static final String MINUTE = "DateTime('UTC')";

  private ServedTables() {}

  /**
   * A table that follows one of gold's.
   *
   * @param source the gold table
   * @param columns the columns of the gold table, in the order of the served table's
   */
  record OfGold(GoldTable source, List<String> columns, ServedTable table) {}

  /** The tables of the real-time layer. */
  public static final Map<LiveTable, ServedTable> LIVE = live();

  /** Records refused, per minute of arrival: summed over files of quarantine. */
  static final ServedTable REFUSED =
      new ServedTable(
          REALTIME,
          "refused_files",
          List.of(
              key("window_start", MINUTE),
              key("reason", "String"),
              key("file", "String"),
              figure("refused_count", "UInt64")));

  /** Samples of how the job is: lag by stage, and totals. */
  static final ServedTable SAMPLES =
      new ServedTable(
          REALTIME,
          "pipeline_samples",
          List.of(
              key("sampled_at", MINUTE),
              key("measure", "String"),
              key("stage", "String"),
              figure("value", "Float64")));

  /** The tables that follow gold's. */
  static final List<OfGold> DAILY =
      List.of(
          ofGold(
              DailyActiveUsers.TABLE,
              "daily_active_users",
              List.of("event_date", "dau"),
              key("event_date", "Date"),
              figure("dau_count", "UInt64")),
          ofGold(
              EventsPerSource.TABLE,
              "events_per_source_daily",
              List.of("event_date", "source", "event_count"),
              key("event_date", "Date"),
              key("source", "String"),
              figure("event_count", "UInt64")),
          ofGold(
              ConversionRate.TABLE,
              "conversion_rate_daily",
              List.of("event_date", "purchases", "events", "conversion_rate"),
              key("event_date", "Date"),
              figure("purchases", "UInt64"),
              figure("events", "UInt64"),
              figure("conversion_rate", "Float64")),
          ofGold(
              TopProducts.TABLE,
              "top_products_daily",
              List.of("event_date", "rank", "product_id", "events", "purchases", "revenue"),
              key("event_date", "Date"),
              key("rank", "UInt16"),
              figure("product_id", "String"),
              figure("events", "UInt64"),
              figure("purchases", "UInt64"),
              figureOrNull("revenue", "Decimal(18, 4)")),
          ofGold(
              TopPages.TABLE,
              "top_pages_daily",
              List.of("event_date", "rank", "page", "events"),
              key("event_date", "Date"),
              key("rank", "UInt16"),
              figure("page", "String"),
              figure("events", "UInt64")));

  /** Those whose rows the lake has. */
  static final List<ServedTable> OF_LAKE =
      Stream.of(LIVE.values().stream(), Stream.of(REFUSED), DAILY.stream().map(OfGold::table))
          .flatMap(tables -> tables)
          .toList();

  /** All of them. */
  public static final List<ServedTable> ALL =
      Stream.concat(OF_LAKE.stream(), Stream.of(SAMPLES)).toList();

  private static Map<LiveTable, ServedTable> live() {
    Map<LiveTable, ServedTable> tables = new EnumMap<>(LiveTable.class);
    tables.put(LiveTable.EVENTS, minutes(LiveTable.EVENTS, "event_count", "too_late"));
    tables.put(LiveTable.LOGINS, minutes(LiveTable.LOGINS, "login_count", "too_late"));
    tables.put(LiveTable.PURCHASES, minutes(LiveTable.PURCHASES, "purchase_count", "too_late"));
    tables.put(LiveTable.USERS, minutes(LiveTable.USERS, "active_users"));
    tables.put(LiveTable.SESSIONS, minutes(LiveTable.SESSIONS, "sessions"));
    return tables;
  }

  private static ServedTable minutes(LiveTable table, String... figures) {
    List<ServedColumn> columns = new ArrayList<>();
    columns.add(key("window_start", MINUTE));
    columns.add(figure("window_end", MINUTE));
    if (!table.key().isEmpty()) {
      columns.add(key(table.key(), "String"));
    }
    for (String name : figures) {
      columns.add(figure(name, "UInt64"));
    }
    return new ServedTable(REALTIME, table.tableName(), columns);
  }

  private static OfGold ofGold(
      GoldTable source, String name, List<String> columns, ServedColumn... served) {
    return new OfGold(source, columns, new ServedTable(GOLD, name, List.of(served)));
  }
}
