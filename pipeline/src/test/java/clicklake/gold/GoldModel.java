package clicklake.gold;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.datasketches.hll.HllSketch;
import org.jspecify.annotations.Nullable;

/**
 * What the gold tables must hold of given events of silver, each table computed by itself, in
 * memory, from all events at once.
 *
 * <p>A row is text, {@code column=value|column=value|…}: a time is its microseconds since 1970, a
 * date is ISO 8601, an amount has four decimals, nothing is {@code null}. Values are not escaped.
 */
public final class GoldModel {
  private static final long SECOND = 1_000_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long DAY = 24 * 60 * MINUTE;

  /** The longest pause within a session. */
  private static final long PAUSE = 30 * MINUTE;

  /** The most rows of a day in a table of the best. */
  private static final int PLACES = 100;

  /** The most that decimal(18,4) holds. */
  private static final BigDecimal MOST = new BigDecimal("99999999999999.9999");

  private static final UUID SESSIONS = UUID.fromString("c2a7e9d4-81f3-4b6a-8e15-3d90f4b7a261");
  private static final UUID PAGES = UUID.fromString("5d0b3a6e-2f0c-4c57-9a3e-7f0b6a1d9c42");

  private static final String UNKNOWN = "unknown";

  /** The order of code points, which is that of the bytes in UTF-8, but not that of strings. */
  private static final Comparator<String> BY_CODE_POINTS =
      (one, other) -> Arrays.compare(one.codePoints().toArray(), other.codePoints().toArray());

  /** Ids in lower case are in the order of their bytes. */
  private static final Comparator<Event> BY_TIME =
      Comparator.comparingLong(Event::eventTime).thenComparing(Event::eventId);

  /**
   * An event of silver.
   *
   * @param eventId a UUID in lower case
   * @param eventTime when it happened, in microseconds since 1970
   * @param action as tables spell it
   * @param quantity above zero
   * @param price of one, with four decimals, not below zero
   * @param ingestedAt when its record arrived, in microseconds since 1970
   * @param processedAt when its row of silver was written, in microseconds since 1970
   */
  public record Event(
      String eventId,
      long eventTime,
      String userId,
      String action,
      String page,
      @Nullable String source,
      @Nullable String deviceType,
      @Nullable String country,
      @Nullable String sessionId,
      @Nullable String productId,
      @Nullable Integer quantity,
      @Nullable BigDecimal price,
      @Nullable String currency,
      long ingestedAt,
      long processedAt) {

    /** The start of its minute. */
    private long minute() {
      return Math.floorDiv(eventTime, MINUTE) * MINUTE;
    }

    private LocalDate date() {
      return LocalDate.ofEpochDay(Math.floorDiv(eventTime, DAY));
    }

    private boolean is(String name) {
      return action.equals(name);
    }

    private String knownSource() {
      return source == null ? UNKNOWN : source;
    }
  }

  /** In the order of time, then of ids. */
  private final List<Event> events;

  private final long lateness;
  private final Map<String, ByteBuffer> sketched = new HashMap<>();

  private GoldModel(List<Event> events, Duration lateness) {
    this.events = events.stream().sorted(BY_TIME).toList();
    this.lateness = TimeUnit.MICROSECONDS.convert(lateness);
  }

  /**
   * The rows of every gold table, under its path, in the natural order of strings.
   *
   * @param events of silver, in any order
   * @param lateness how long after the end of its minute an event may arrive and still count in the
   *     live tables
   */
  public static Map<String, List<String>> tables(List<Event> events, Duration lateness) {
    GoldModel model = new GoldModel(events, lateness);
    Map<String, List<String>> tables = new TreeMap<>();
    tables.put("gold/events_per_minute", model.eventsPerMinute());
    tables.put("gold/active_users_per_minute", model.activeUsersPerMinute());
    tables.put("gold/sessions", model.sessions());
    tables.put("gold/fact_events", model.factEvents());
    tables.put("gold/user_days", model.userDays());
    tables.put("gold/page_days", model.pageDays());
    tables.put("gold/product_days", model.productDays());
    tables.put("gold/page_users", model.pageUsers());
    tables.put("gold/dim_users_stats", model.dimUsersStats());
    tables.put("gold/dim_pages", model.dimPages());
    tables.put("gold/kpi_events_per_source", model.kpiEventsPerSource());
    tables.put("gold/kpi_conversion_rate", model.kpiConversionRate());
    tables.put("gold/kpi_daily_active_users", model.kpiDailyActiveUsers());
    tables.put("gold/top_pages", model.topPages());
    tables.put("gold/top_products", model.topProducts());
    tables.put("gold/live_events_per_minute", model.liveEventsPerMinute());
    tables.put("gold/live_active_users_per_minute", model.liveActiveUsersPerMinute());
    tables.put("gold/live_logins_per_source", model.liveLoginsPerSource());
    tables.put("gold/live_purchases_per_minute", model.livePurchasesPerMinute());
    tables.put("gold/live_late_users_per_minute", model.lateUsersPerMinute());
    tables.values().forEach(rows -> rows.sort(Comparator.naturalOrder()));
    return tables;
  }

  private List<String> eventsPerMinute() {
    List<String> rows = new ArrayList<>();
    for (List<Event> some : groups(events, event -> List.of(event.minute(), event.action()))) {
      Event first = some.get(0);
      rows.add(
          row(
              "window_start", first.minute(),
              "window_end", first.minute() + MINUTE,
              "action", first.action(),
              "event_count", some.size()));
    }
    return rows;
  }

  /** The users are counted one by one. */
  private List<String> activeUsersPerMinute() {
    List<String> rows = new ArrayList<>();
    for (List<Event> some : groups(events, Event::minute)) {
      long start = some.get(0).minute();
      rows.add(
          row(
              "window_start",
              start,
              "window_end",
              start + MINUTE,
              "active_users",
              estimated(some)));
    }
    return rows;
  }

  private List<String> sessions() {
    List<String> rows = new ArrayList<>();
    for (List<Event> ofUser : groups(events, Event::userId)) {
      List<Event> session = new ArrayList<>();
      for (Event event : ofUser) {
        if (!session.isEmpty() && event.eventTime() - last(session).eventTime() > PAUSE) {
          rows.add(session(session));
          session.clear();
        }
        session.add(event);
      }
      rows.add(session(session));
    }
    return rows;
  }

  private static String session(List<Event> session) {
    Event entry = session.get(0);
    Event exit = last(session);
    long purchases = count(session, "purchase");
    return row(
        "session_id", nameBased(SESSIONS, entry.eventTime() + " " + entry.userId()),
        "user_id", entry.userId(),
        "session_start", entry.eventTime(),
        "session_end", exit.eventTime(),
        "event_count", session.size(),
        "entry_page", entry.page(),
        "exit_page", exit.page(),
        "purchases", purchases,
        "converted", purchases > 0,
        "entry_event_id", entry.eventId(),
        "exit_event_id", exit.eventId(),
        "session_date", entry.date());
  }

  private List<String> factEvents() {
    List<String> rows = new ArrayList<>();
    for (Event event : events) {
      rows.add(
          row(
              "event_id", event.eventId(),
              "event_time", event.eventTime(),
              "user_id", event.userId(),
              "user_key", UNKNOWN,
              "page_key", nameBased(PAGES, event.page()),
              "action", event.action(),
              "source", event.source(),
              "country", event.country(),
              "device_type", event.deviceType(),
              "session_id", event.sessionId(),
              "product_id", event.productId(),
              "quantity", event.quantity(),
              "price", event.price(),
              "currency", event.currency(),
              "event_date", event.date()));
    }
    return rows;
  }

  private List<String> userDays() {
    List<String> rows = new ArrayList<>();
    for (List<Event> some : groups(events, event -> List.of(event.userId(), event.date()))) {
      Event first = some.get(0);
      rows.add(row("user_id", first.userId(), "event_date", first.date()));
    }
    return rows;
  }

  private List<String> pageDays() {
    List<String> rows = new ArrayList<>();
    for (List<Event> some : groups(events, event -> List.of(event.page(), event.date()))) {
      Event first = some.get(0);
      rows.add(row("page", first.page(), "events", some.size(), "event_date", first.date()));
    }
    return rows;
  }

  private List<String> productDays() {
    List<String> rows = new ArrayList<>();
    for (List<Event> ofDay : groups(events, Event::date)) {
      for (List<Event> some : groups(withProduct(ofDay), Event::productId)) {
        Event first = some.get(0);
        Sales sales = Sales.of(some);
        rows.add(
            row(
                "product_id", first.productId(),
                "events", some.size(),
                "purchases", sales.purchases(),
                "revenue", sales.revenue(),
                "currency", sales.currency(),
                "mixed", sales.mixed(),
                "priced", sales.priced(),
                "event_date", first.date()));
      }
    }
    return rows;
  }

  private List<String> pageUsers() {
    List<String> rows = new ArrayList<>();
    for (List<Event> some : groups(events, event -> List.of(event.page(), event.userId()))) {
      Event first = some.get(0);
      rows.add(row("page", first.page(), "user_id", first.userId()));
    }
    return rows;
  }

  private List<String> dimUsersStats() {
    List<String> rows = new ArrayList<>();
    for (List<Event> some : groups(events, Event::userId)) {
      Set<String> sources = new TreeSet<>(BY_CODE_POINTS);
      some.stream().map(Event::source).filter(Objects::nonNull).forEach(sources::add);
      rows.add(
          row(
              "user_id", some.get(0).userId(),
              "events", some.size(),
              "purchases", count(some, "purchase"),
              "sources", sources.size(),
              "first_seen", some.get(0).eventTime(),
              "last_seen", last(some).eventTime(),
              "source_names", json(sources)));
    }
    return rows;
  }

  private List<String> dimPages() {
    List<String> rows = new ArrayList<>();
    for (List<Event> some : groups(events, Event::page)) {
      Event first = some.get(0);
      rows.add(
          row(
              "page_key", nameBased(PAGES, first.page()),
              "page", first.page(),
              "events", some.size(),
              "users", users(some),
              "first_seen", first.eventTime(),
              "last_seen", last(some).eventTime()));
    }
    return rows;
  }

  private List<String> kpiEventsPerSource() {
    List<String> rows = new ArrayList<>();
    for (List<Event> some : groups(events, event -> List.of(event.date(), event.knownSource()))) {
      Event first = some.get(0);
      rows.add(
          row(
              "event_date", first.date(),
              "source", first.knownSource(),
              "event_count", some.size()));
    }
    return rows;
  }

  private List<String> kpiConversionRate() {
    List<String> rows = new ArrayList<>();
    for (List<Event> some : groups(events, Event::date)) {
      long purchases = count(some, "purchase");
      rows.add(
          row(
              "event_date",
              some.get(0).date(),
              "purchases",
              purchases,
              "events",
              some.size(),
              "conversion_rate",
              purchases / (double) some.size()));
    }
    return rows;
  }

  private List<String> kpiDailyActiveUsers() {
    List<String> rows = new ArrayList<>();
    for (List<Event> some : groups(events, Event::date)) {
      rows.add(row("event_date", some.get(0).date(), "dau", users(some)));
    }
    return rows;
  }

  private List<String> topPages() {
    List<String> rows = new ArrayList<>();
    for (List<Event> ofDay : groups(events, Event::date)) {
      List<List<Event>> pages = new ArrayList<>(groups(ofDay, Event::page));
      pages.sort(
          Comparator.comparingInt((List<Event> some) -> -some.size())
              .thenComparing(some -> some.get(0).page(), BY_CODE_POINTS));
      for (int i = 0; i < Math.min(PLACES, pages.size()); i++) {
        Event first = pages.get(i).get(0);
        rows.add(
            row(
                "event_date", first.date(),
                "rank", i + 1,
                "page", first.page(),
                "events", pages.get(i).size()));
      }
    }
    return rows;
  }

  private List<String> topProducts() {
    List<String> rows = new ArrayList<>();
    for (List<Event> ofDay : groups(events, Event::date)) {
      List<List<Event>> products = new ArrayList<>(groups(withProduct(ofDay), Event::productId));
      products.sort(
          Comparator.comparingLong((List<Event> some) -> -count(some, "purchase"))
              .thenComparing(some -> -some.size())
              .thenComparing(
                  some -> Objects.requireNonNull(some.get(0).productId()), BY_CODE_POINTS));
      for (int i = 0; i < Math.min(PLACES, products.size()); i++) {
        List<Event> some = products.get(i);
        Sales sales = Sales.of(some);
        rows.add(
            row(
                "event_date", some.get(0).date(),
                "rank", i + 1,
                "product_id", some.get(0).productId(),
                "events", some.size(),
                "purchases", sales.purchases(),
                "revenue", sales.revenue()));
      }
    }
    return rows;
  }

  private List<String> liveEventsPerMinute() {
    List<String> rows = new ArrayList<>();
    for (List<Event> some : groups(events, event -> List.of(event.minute(), event.action()))) {
      Event first = some.get(0);
      int inTime = inTime(some).size();
      rows.add(
          row(
              "window_start",
              first.minute(),
              "window_end",
              first.minute() + MINUTE,
              "action",
              first.action(),
              "event_count",
              inTime,
              "events_per_second",
              inTime / 60.0,
              "too_late",
              some.size() - inTime,
              "updated_at",
              updatedAt(some)));
    }
    return rows;
  }

  private List<String> liveActiveUsersPerMinute() {
    List<String> rows = new ArrayList<>();
    for (List<Event> some : groups(events, Event::minute)) {
      long start = some.get(0).minute();
      List<Event> inTime = inTime(some);
      rows.add(
          row(
              "window_start",
              start,
              "window_end",
              start + MINUTE,
              "active_users",
              estimated(inTime),
              "too_late",
              some.size() - inTime.size(),
              "updated_at",
              updatedAt(some)));
    }
    return rows;
  }

  private List<String> lateUsersPerMinute() {
    List<String> rows = new ArrayList<>();
    for (List<Event> some : groups(events, Event::minute)) {
      long start = some.get(0).minute();
      List<Event> late = new ArrayList<>(some);
      late.removeAll(inTime(some));
      if (!late.isEmpty()) {
        rows.add(
            row(
                "window_start",
                start,
                "window_end",
                start + MINUTE,
                "late_users",
                estimated(late),
                "too_late",
                late.size(),
                "updated_at",
                updatedAt(late)));
      }
    }
    return rows;
  }

  private List<String> liveLoginsPerSource() {
    List<String> rows = new ArrayList<>();
    for (List<Event> some :
        groups(only("login"), event -> List.of(event.minute(), event.knownSource()))) {
      Event first = some.get(0);
      int inTime = inTime(some).size();
      rows.add(
          row(
              "window_start",
              first.minute(),
              "window_end",
              first.minute() + MINUTE,
              "source",
              first.knownSource(),
              "logins",
              inTime,
              "too_late",
              some.size() - inTime,
              "updated_at",
              updatedAt(some)));
    }
    return rows;
  }

  private List<String> livePurchasesPerMinute() {
    List<String> rows = new ArrayList<>();
    for (List<Event> some : groups(only("purchase"), Event::minute)) {
      long start = some.get(0).minute();
      int inTime = inTime(some).size();
      rows.add(
          row(
              "window_start",
              start,
              "window_end",
              start + MINUTE,
              "purchases",
              inTime,
              "too_late",
              some.size() - inTime,
              "updated_at",
              updatedAt(some)));
    }
    return rows;
  }

  /**
   * What was bought of a product on a day.
   *
   * @param purchases with a price or without
   * @param priced those with a price; all else is said of them
   * @param mixed whether they name different currencies
   * @param currency the only one that they name
   * @param revenue their sum, if it is of one currency and not too large
   */
  private record Sales(
      long purchases,
      int priced,
      boolean mixed,
      @Nullable String currency,
      @Nullable BigDecimal revenue) {

    private static Sales of(List<Event> some) {
      Set<String> currencies = new HashSet<>();
      BigDecimal sum = BigDecimal.ZERO;
      int priced = 0;
      for (Event event : some) {
        if (event.is("purchase") && event.price() != null) {
          priced++;
          int quantity = event.quantity() == null ? 1 : event.quantity();
          sum = sum.add(event.price().multiply(BigDecimal.valueOf(quantity)));
          if (event.currency() != null) {
            currencies.add(event.currency());
          }
        }
      }
      // No price is negative: one purchase that is too large makes the sum too large.
      boolean summed = priced > 0 && currencies.size() <= 1 && sum.compareTo(MOST) <= 0;
      return new Sales(
          count(some, "purchase"),
          priced,
          currencies.size() > 1,
          currencies.size() == 1 ? currencies.iterator().next() : null,
          summed ? sum : null);
    }
  }

  /** Events by what they have in common, each group in the order of time. */
  private static <K> Collection<List<Event>> groups(List<Event> events, Function<Event, K> key) {
    Map<K, List<Event>> groups = new LinkedHashMap<>();
    for (Event event : events) {
      groups.computeIfAbsent(key.apply(event), one -> new ArrayList<>()).add(event);
    }
    return groups.values();
  }

  private List<Event> only(String action) {
    return events.stream().filter(event -> event.is(action)).toList();
  }

  private static List<Event> withProduct(List<Event> some) {
    return some.stream().filter(event -> event.productId() != null).toList();
  }

  private List<Event> inTime(List<Event> some) {
    return some.stream()
        .filter(event -> event.ingestedAt() <= event.minute() + MINUTE + lateness)
        .toList();
  }

  private static long updatedAt(List<Event> some) {
    return some.stream().mapToLong(Event::processedAt).max().orElseThrow();
  }

  private static long count(List<Event> some, String action) {
    return some.stream().filter(event -> event.is(action)).count();
  }

  private static long users(List<Event> some) {
    return some.stream().map(Event::userId).distinct().count();
  }

  /**
   * Distinct users, as a sketch of few users tells them apart: some pairs look the same to it, one
   * of 200 million, so that of 10,000 users there may well be one.
   */
  private long estimated(List<Event> some) {
    return some.stream()
        .map(event -> sketched.computeIfAbsent(event.userId(), GoldModel::sketch))
        .distinct()
        .count();
  }

  private static ByteBuffer sketch(String user) {
    HllSketch sketch = new HllSketch();
    sketch.update(user.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(sketch.toCompactByteArray());
  }

  private static Event last(List<Event> some) {
    return some.get(some.size() - 1);
  }

  /** A row of names and values by turns. */
  private static String row(@Nullable Object... namesAndValues) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Object value = namesAndValues[i + 1];
      columns.add(
          namesAndValues[i]
              + "="
              + (value instanceof BigDecimal amount ? amount.setScale(4).toPlainString() : value));
    }
    return String.join("|", columns);
  }

  /** The UUID of version 5 (RFC 9562) that a name has in a namespace. */
  static UUID nameBased(UUID namespace, String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer named = ByteBuffer.allocate(16 + text.length);
    named.putLong(namespace.getMostSignificantBits());
    named.putLong(namespace.getLeastSignificantBits());
    named.put(text);
    ByteBuffer digest;
    try {
      digest = ByteBuffer.wrap(MessageDigest.getInstance("SHA-1").digest(named.array()));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has it", e);
    }
    return new UUID(
        (digest.getLong() & ~0xF000L) | 0x5000L,
        (digest.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L);
  }

  /** A JSON array of texts, with no more escapes than RFC 8259 asks for. */
  private static String json(Collection<String> texts) {
    return texts.stream().map(GoldModel::json).collect(Collectors.joining(",", "[", "]"));
  }

  private static String json(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\b' -> json.append("\\b");
        case '\f' -> json.append("\\f");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> json.append(c < ' ' ? String.format("\\u%04X", (int) c) : c);
      }
    }
    return json.append('"').toString();
  }
}
