package clicklake.transforms.gold.table;

import clicklake.schemas.table.Column;
import clicklake.schemas.table.Column.Type;
import clicklake.schemas.table.TableSchema;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tables that are computed from silver. What their figures mean, to the word, is in
 * docs/METRICS.md; each is a function of silver alone.
 *
 * <p>Each is also its own memory: a row holds enough to take in further events, so that a refresh
 * reads new events and the rows that they change. Where a figure does not say enough (a number of
 * distinct users does not say which), the row has a column beside it that does, or there is a table
 * that its rows are drawn from.
 */
public final class GoldTables {
  /** The longest pause within a session: a longer one begins another. */
  public static final Duration SESSION_GAP = Duration.ofMinutes(30);

  /** Ranks of a day's list of the first. */
  public static final int TOP = 100;

  private static final String DATE = "event_date";
  private static final Column WINDOW_START =
      kept("window_start", Type.TIMESTAMP, "start of the minute, inclusive");
  private static final Column WINDOW_END =
      kept("window_end", Type.TIMESTAMP, "end of the minute, exclusive");
  private static final Column DAY = kept(DATE, Type.DATE, "day of event_time, UTC");
  private static final Column FIRST_SEEN =
      kept("first_seen", Type.TIMESTAMP, "event_time of the earliest event");
  private static final Column LAST_SEEN =
      kept("last_seen", Type.TIMESTAMP, "event_time of the latest event");
  private static final Column TOO_LATE =
      number("too_late", "events of the window and the key that arrived too late to be counted");
  private static final Column UPDATED_AT =
      kept("updated_at", Type.TIMESTAMP, "when the latest of these events was written to silver");
  private static final Column USERS_SKETCH =
      filled("users_sketch", Type.BINARY, "the users, as DataSketches HLL of lgK 16; mergeable");

  /** Events per minute and action. */
  public static final GoldTable EVENTS_PER_MINUTE =
      minutes(
          "events_per_minute",
          "Unique events per minute of event_time and action; an action that did not happen has no"
              + " row",
          filled("action", Type.STRING, "the action counted"),
          number("event_count", "unique events"));

  /** Distinct users per minute. */
  public static final GoldTable ACTIVE_USERS_PER_MINUTE =
      minutes(
          "active_users_per_minute",
          "Distinct users per minute of event_time, estimated: within 2 % in 99 of 100 minutes",
          number("active_users", "estimated number of distinct user_ids, rounded"),
          filled(
              "sketch",
              Type.BINARY,
              "DataSketches HLL, lgK 14, compact, whose estimate is active_users; mergeable"),
          USERS_SKETCH);

  /** Visits. */
  public static final GoldTable SESSIONS =
      GoldTable.ofSpans(
          table(
              "sessions",
              "A user's events with no pause of more than 30 minutes between them; a pause of"
                  + " exactly 30 minutes does not end a session",
              "session_date",
              filled("session_id", Type.STRING, "UUIDv5 of user_id and session_start"),
              filled("user_id", Type.STRING, "whose events these are"),
              kept("session_start", Type.TIMESTAMP, "event_time of the first event"),
              kept("session_end", Type.TIMESTAMP, "event_time of the last event"),
              number("event_count", "unique events"),
              filled("entry_page", Type.STRING, "page of the first event; lowest event_id of ties"),
              filled("exit_page", Type.STRING, "page of the last event; highest event_id of ties"),
              number("purchases", "events with action purchase"),
              filled("converted", Type.BOOLEAN, "whether there is a purchase"),
              filled("entry_event_id", Type.STRING, "the first event"),
              filled("exit_event_id", Type.STRING, "the last event")),
          "session_start",
          "session_end",
          SESSION_GAP);

  /** Events as facts of the star schema. */
  public static final GoldTable FACT_EVENTS =
      GoldTable.ofEvents(
          table(
              "fact_events",
              "Every event of silver, with the keys of its dimensions",
              DATE,
              filled("event_id", Type.STRING, "UUID of the event"),
              kept("event_time", Type.TIMESTAMP, "when it happened"),
              filled("user_id", Type.STRING, "who did it"),
              filled(
                  "user_key",
                  Type.STRING,
                  "version of the user in dim_users at event_time; unknown if there is none"),
              filled("page_key", Type.STRING, "the page in dim_pages"),
              kept("action", Type.STRING, "what was done"),
              nullable("source", Type.STRING, "which channel"),
              nullable("country", Type.STRING, "ISO 3166-1 alpha-2"),
              nullable("device_type", Type.STRING, "mobile, desktop, tablet, other"),
              nullable("session_id", Type.STRING, "the client's session, as silver has it"),
              nullable("product_id", Type.STRING, "what was looked at or bought"),
              nullable("quantity", Type.INT, "how many"),
              nullable("price", Type.PRICE, "price of one"),
              nullable("currency", Type.STRING, "ISO 4217")));

  /** Who was there on which day: what daily active users are counted from. */
  public static final GoldTable USER_DAYS =
      GoldTable.ofDates(
              table(
                  "user_days",
                  "Every user with an event on the day, once",
                  DATE,
                  filled("user_id", Type.STRING, "who was there")))
          .ofKeys();

  /** Events of pages by day: what a day's first pages are drawn from. */
  public static final GoldTable PAGE_DAYS =
      GoldTable.ofDates(
          table(
              "page_days",
              "Unique events per day and page",
              DATE,
              filled("page", Type.STRING, "the page"),
              number("events", "unique events")));

  /** Events of products by day: what a day's first products are drawn from. */
  public static final GoldTable PRODUCT_DAYS =
      GoldTable.ofDates(
          table(
              "product_days",
              "Unique events per day and product; events without a product are in no row",
              DATE,
              filled("product_id", Type.STRING, "the product"),
              number("events", "unique events with the product"),
              number("purchases", "those with action purchase"),
              nullable(
                  "revenue",
                  Type.PRICE,
                  "sum of price times quantity (1 if absent) of purchases with a price; null if"
                      + " their currencies differ or it has more than 18 digits"),
              nullable(
                  "currency",
                  Type.STRING,
                  "currency of these purchases; null if none names one or they differ"),
              filled("mixed", Type.BOOLEAN, "whether their currencies differ"),
              filled("priced", Type.LONG, "purchases with a price")));

  /** Who saw which page: what the users of a page are counted from. */
  public static final GoldTable PAGE_USERS =
      GoldTable.ofAny(
              table(
                  "page_users",
                  "Every user with an event on the page, once",
                  null,
                  filled("page", Type.STRING, "the page"),
                  filled("user_id", Type.STRING, "who was there")))
          .ofKeys();

  /** Events per day and source. */
  public static final GoldTable EVENTS_PER_SOURCE =
      GoldTable.ofAny(
          table(
              "kpi_events_per_source",
              "Unique events per day and source; events without a source count as unknown",
              null,
              DAY,
              filled("source", Type.STRING, "the source, or unknown"),
              number("event_count", "unique events")));

  /** Share of purchases per day. */
  public static final GoldTable CONVERSION_RATE =
      GoldTable.ofAny(
          table(
              "kpi_conversion_rate",
              "Purchases as a share of all unique events per day",
              null,
              DAY,
              number("purchases", "events with action purchase"),
              number("events", "unique events"),
              filled("conversion_rate", Type.DOUBLE, "purchases divided by events")));

  /** What is known of each user from events. */
  public static final GoldTable DIM_USERS_STATS =
      GoldTable.ofAny(
          table(
              "dim_users_stats",
              "Every user with an event",
              null,
              filled("user_id", Type.STRING, "the user"),
              number("events", "unique events"),
              number("purchases", "events with action purchase"),
              number("sources", "number of distinct sources; a missing one is none"),
              FIRST_SEEN,
              LAST_SEEN,
              filled("source_names", Type.STRING, "these sources, a JSON array in order")));

  /** Visits under way and ended are in {@link #SESSIONS}; this counts users, day by day. */
  public static final GoldTable DAILY_ACTIVE_USERS =
      GoldTable.ofAny(
              table(
                  "kpi_daily_active_users",
                  "Distinct users per day, exact",
                  null,
                  DAY,
                  number("dau", "number of distinct user_ids")))
          .drawnFrom(USER_DAYS);

  /** A day's first pages. */
  public static final GoldTable TOP_PAGES =
      GoldTable.ofAny(
              table(
                  "top_pages",
                  "The 100 pages with most events of each day; of ties, the first by page",
                  null,
                  DAY,
                  filled("rank", Type.INT, "1 for the first"),
                  filled("page", Type.STRING, "the page"),
                  number("events", "unique events")))
          .drawnFrom(PAGE_DAYS);

  /** A day's first products. */
  public static final GoldTable TOP_PRODUCTS =
      GoldTable.ofAny(
              table(
                  "top_products",
                  "The 100 products with most purchases of each day; of ties, those with more"
                      + " events, then the first by product_id",
                  null,
                  DAY,
                  filled("rank", Type.INT, "1 for the first"),
                  filled("product_id", Type.STRING, "the product"),
                  number("events", "unique events with the product"),
                  number("purchases", "those with action purchase"),
                  nullable(
                      "revenue",
                      Type.PRICE,
                      "sum of price times quantity (1 if absent) of purchases with a price; null"
                          + " if their currencies differ or it has more than 18 digits")))
          .drawnFrom(PRODUCT_DAYS);

  /** What is known of each page. */
  public static final GoldTable DIM_PAGES =
      GoldTable.ofAny(
              table(
                  "dim_pages",
                  "Every page with an event",
                  null,
                  filled("page_key", Type.STRING, "UUIDv5 of the page"),
                  filled("page", Type.STRING, "the page"),
                  number("events", "unique events"),
                  number("users", "number of distinct user_ids, exact"),
                  FIRST_SEEN,
                  LAST_SEEN))
          .drawnFrom(PAGE_USERS);

  /** Events per minute and action that came in time. */
  public static final GoldTable LIVE_EVENTS_PER_MINUTE =
      live(
          "live_events_per_minute",
          "Unique events per minute of event_time and action that arrived in time",
          filled("action", Type.STRING, "the action counted"),
          number("event_count", "unique events that arrived in time"),
          filled(
              "events_per_second",
              Type.DOUBLE,
              "event_count divided by 60: the throughput of the minute"));

  /** Distinct users per minute of events that came in time. */
  public static final GoldTable LIVE_ACTIVE_USERS =
      live(
          "live_active_users_per_minute",
          "Distinct users per minute of event_time of events that arrived in time, estimated:"
              + " within 2 % in 99 of 100 minutes",
          number("active_users", "estimated number of distinct user_ids, rounded"),
          USERS_SKETCH);

  /** Logins per minute and source that came in time. */
  public static final GoldTable LIVE_LOGINS =
      live(
          "live_logins_per_source",
          "Unique login events per minute of event_time and source that arrived in time",
          filled("source", Type.STRING, "the source, or unknown"),
          number("logins", "unique events with action login that arrived in time"));

  /** Purchases per minute that came in time. */
  public static final GoldTable LIVE_PURCHASES =
      live(
          "live_purchases_per_minute",
          "Unique purchase events per minute of event_time that arrived in time",
          number("purchases", "unique events with action purchase that arrived in time"));

  /** What a refresh of gold computes, each after the table that it is drawn from. */
  public static final List<GoldTable> EXACT =
      List.of(
          EVENTS_PER_MINUTE,
          ACTIVE_USERS_PER_MINUTE,
          SESSIONS,
          FACT_EVENTS,
          USER_DAYS,
          PAGE_DAYS,
          PRODUCT_DAYS,
          PAGE_USERS,
          DIM_USERS_STATS,
          EVENTS_PER_SOURCE,
          CONVERSION_RATE,
          DAILY_ACTIVE_USERS,
          TOP_PAGES,
          TOP_PRODUCTS,
          DIM_PAGES);

  /** What follows silver within seconds. */
  public static final List<GoldTable> LIVE =
      List.of(LIVE_EVENTS_PER_MINUTE, LIVE_ACTIVE_USERS, LIVE_LOGINS, LIVE_PURCHASES);

  /** All of gold, each after the table that it is drawn from. */
  public static final List<GoldTable> ALL = Stream.concat(EXACT.stream(), LIVE.stream()).toList();

  private GoldTables() {}

  /**
   * The table of a path.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static GoldTable of(String path) {
    return ALL.stream()
        .filter(table -> table.path().equals(path))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no gold table lies at " + path));
  }

  private static GoldTable minutes(String name, String comment, Column... columns) {
    return GoldTable.ofWindows(
        table(
            name,
            comment,
            DATE,
            Stream.concat(Stream.of(WINDOW_START, WINDOW_END), Stream.of(columns))
                .toArray(Column[]::new)),
        "window_start",
        "window_end");
  }

  private static GoldTable live(String name, String comment, Column... columns) {
    return minutes(
        name,
        comment,
        Stream.concat(Stream.of(columns), Stream.of(TOO_LATE, UPDATED_AT)).toArray(Column[]::new));
  }

  private static TableSchema table(
      String name, String comment, @Nullable String partition, Column... columns) {
    return new TableSchema("gold/" + name, comment, List.of(columns), partition);
  }

  /** Never null, and files keep its bounds. */
  private static Column kept(String name, Type type, String comment) {
    return new Column(name, type, false, true, comment);
  }

  private static Column number(String name, String comment) {
    return new Column(name, Type.LONG, false, true, comment);
  }

  /** Never null; nothing prunes by it. */
  private static Column filled(String name, Type type, String comment) {
    return new Column(name, type, false, false, comment);
  }

  private static Column nullable(String name, Type type, String comment) {
    return new Column(name, type, true, false, comment);
  }
}
