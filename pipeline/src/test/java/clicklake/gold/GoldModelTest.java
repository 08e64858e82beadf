package clicklake.gold;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.gold.GoldModel.Event;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Small examples, computed by hand; the UUIDs by another implementation. */
class GoldModelTest {
  private static final long SECOND = 1_000_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;

  /** 2024-02-29T12:00:00Z, of a leap day. */
  private static final long NOON = 1_709_208_000_000_000L;

  private static final long MIDNIGHT = NOON + 12 * HOUR;

  private static final Duration LATENESS = Duration.ofMinutes(10);

  /** When an event in the first minute after noon must have arrived to be in time. */
  private static final long EDGE = NOON + MINUTE + 10 * MINUTE;

  private static final String ID_1 = "00000000-0000-4000-8000-000000000001";
  private static final String ID_2 = "00000000-0000-4000-8000-000000000002";
  private static final String ID_3 = "00000000-0000-4000-8000-000000000003";
  private static final String ID_4 = "00000000-0000-4000-8000-000000000004";

  private static Event event(int id, long time, String user, String action, String page) {
    return from(null, id, time, user, action, page);
  }

  /** An event of a source. It arrives at once, and its row is written a second later. */
  private static Event from(
      @Nullable String source, int id, long time, String user, String action, String page) {
    return new Event(
        id(id),
        time,
        user,
        action,
        page,
        source,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        time,
        time + SECOND);
  }

  private static Event product(
      int id,
      String action,
      String product,
      @Nullable Integer quantity,
      @Nullable String price,
      @Nullable String currency) {
    return new Event(
        id(id),
        NOON,
        "ann",
        action,
        "/",
        null,
        null,
        null,
        null,
        product,
        quantity,
        price == null ? null : new BigDecimal(price),
        currency,
        NOON,
        NOON);
  }

  /** An event in the first minute after noon. */
  private static Event arrived(
      int id, String user, String action, @Nullable String source, long arrival, long processed) {
    return new Event(
        id(id),
        NOON + 30 * SECOND,
        user,
        action,
        "/",
        source,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        arrival,
        processed);
  }

  private static String id(int id) {
    return String.format("00000000-0000-4000-8000-%012d", id);
  }

  private static List<String> rows(String table, Event... events) {
    return rows(table, List.of(events));
  }

  /** The rows, which are the same when the events come the other way round. */
  private static List<String> rows(String table, List<Event> events) {
    Map<String, List<String>> tables = GoldModel.tables(events, LATENESS);
    List<Event> reversed = new ArrayList<>(events);
    Collections.reverse(reversed);
    assertThat(GoldModel.tables(reversed, LATENESS)).isEqualTo(tables);
    return Objects.requireNonNull(tables.get(table));
  }

  @Test
  void noEventMakesNoRow() {
    Map<String, List<String>> tables = GoldModel.tables(List.of(), LATENESS);
    assertThat(tables)
        .containsOnlyKeys(
            "gold/events_per_minute",
            "gold/active_users_per_minute",
            "gold/sessions",
            "gold/fact_events",
            "gold/user_days",
            "gold/page_days",
            "gold/product_days",
            "gold/page_users",
            "gold/dim_users_stats",
            "gold/dim_pages",
            "gold/kpi_events_per_source",
            "gold/kpi_conversion_rate",
            "gold/kpi_daily_active_users",
            "gold/top_pages",
            "gold/top_products",
            "gold/live_events_per_minute",
            "gold/live_active_users_per_minute",
            "gold/live_late_users_per_minute",
            "gold/live_logins_per_source",
            "gold/live_purchases_per_minute");
    assertThat(tables.values()).allSatisfy(rows -> assertThat(rows).isEmpty());
  }

  @Test
  void nameBasedUuidIsTheOneOfTheStandard() {
    assertThat(
            GoldModel.nameBased(
                UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "www.example.com"))
        .hasToString("2ed6657d-e927-568b-95e1-2665a8aea6a2");
  }

  @Test
  void nameOfUuidIsUtf8() {
    assertThat(rows("gold/dim_pages", event(1, NOON, "ann", "view", "/é")))
        .containsExactly(
            "page_key=320f64ca-ff93-5ec6-8da7-9add6cec4ffd|page=/é|events=1|users=1"
                + "|first_seen=1709208000000000|last_seen=1709208000000000");
  }

  @Test
  void minuteHoldsItsStartAndNotItsEnd() {
    List<Event> events =
        List.of(
            event(1, NOON - 1, "ann", "view", "/"),
            event(2, NOON, "ann", "view", "/"),
            event(3, NOON, "ann", "click", "/"),
            event(4, NOON + MINUTE - 1, "bob", "view", "/"),
            event(5, NOON + MINUTE, "bob", "view", "/"));
    assertThat(rows("gold/events_per_minute", events))
        .containsExactly(
            "window_start=1709207940000000|window_end=1709208000000000|action=view|event_count=1",
            "window_start=1709208000000000|window_end=1709208060000000|action=click|event_count=1",
            "window_start=1709208000000000|window_end=1709208060000000|action=view|event_count=2",
            "window_start=1709208060000000|window_end=1709208120000000|action=view|event_count=1");
    assertThat(rows("gold/active_users_per_minute", events))
        .containsExactly(
            "window_start=1709207940000000|window_end=1709208000000000|active_users=1",
            "window_start=1709208000000000|window_end=1709208060000000|active_users=2",
            "window_start=1709208060000000|window_end=1709208120000000|active_users=1");
  }

  @Test
  void pauseOfHalfAnHourDoesNotEndSession() {
    assertThat(
            rows(
                "gold/sessions",
                event(1, NOON, "ann", "view", "/a"),
                event(2, NOON + 30 * MINUTE, "ann", "view", "/b")))
        .containsExactly(
            "session_id=89c199cb-5590-5053-a31d-34a0fdbd4d39|user_id=ann"
                + "|session_start=1709208000000000|session_end=1709209800000000|event_count=2"
                + "|entry_page=/a|exit_page=/b|purchases=0|converted=false"
                + "|entry_event_id="
                + ID_1
                + "|exit_event_id="
                + ID_2
                + "|session_date=2024-02-29");
  }

  @Test
  void longerPauseEndsSession() {
    assertThat(
            rows(
                "gold/sessions",
                event(1, NOON, "ann", "view", "/a"),
                event(2, NOON + 30 * MINUTE, "ann", "purchase", "/b"),
                event(3, NOON + HOUR + 1, "ann", "view", "/c"),
                event(4, NOON, "bob", "view", "/d")))
        .containsExactly(
            "session_id=89c199cb-5590-5053-a31d-34a0fdbd4d39|user_id=ann"
                + "|session_start=1709208000000000|session_end=1709209800000000|event_count=2"
                + "|entry_page=/a|exit_page=/b|purchases=1|converted=true"
                + "|entry_event_id="
                + ID_1
                + "|exit_event_id="
                + ID_2
                + "|session_date=2024-02-29",
            "session_id=a0d1f851-fe71-549a-bed6-9e5d9e34d180|user_id=ann"
                + "|session_start=1709211600000001|session_end=1709211600000001|event_count=1"
                + "|entry_page=/c|exit_page=/c|purchases=0|converted=false"
                + "|entry_event_id="
                + ID_3
                + "|exit_event_id="
                + ID_3
                + "|session_date=2024-02-29",
            "session_id=ef8eaff4-e770-5f37-afea-243871bf4fe0|user_id=bob"
                + "|session_start=1709208000000000|session_end=1709208000000000|event_count=1"
                + "|entry_page=/d|exit_page=/d|purchases=0|converted=false"
                + "|entry_event_id="
                + ID_4
                + "|exit_event_id="
                + ID_4
                + "|session_date=2024-02-29");
  }

  @Test
  void sessionOverMidnightIsOfTheDateOfItsStart() {
    assertThat(
            rows(
                "gold/sessions",
                event(1, MIDNIGHT - 10 * MINUTE, "ann", "view", "/a"),
                event(2, MIDNIGHT + 10 * MINUTE, "ann", "view", "/b")))
        .containsExactly(
            "session_id=2ddcac46-0403-56cc-9fe8-b65e617ce080|user_id=ann"
                + "|session_start=1709250600000000|session_end=1709251800000000|event_count=2"
                + "|entry_page=/a|exit_page=/b|purchases=0|converted=false"
                + "|entry_event_id="
                + ID_1
                + "|exit_event_id="
                + ID_2
                + "|session_date=2024-02-29");
  }

  @Test
  void inTheSameMicrosecondTheLowestIdEntersAndTheHighestLeaves() {
    assertThat(
            rows(
                "gold/sessions",
                event(2, NOON, "ann", "view", "/b"),
                event(1, NOON, "ann", "purchase", "/a"),
                event(3, NOON, "ann", "purchase", "/c")))
        .containsExactly(
            "session_id=89c199cb-5590-5053-a31d-34a0fdbd4d39|user_id=ann"
                + "|session_start=1709208000000000|session_end=1709208000000000|event_count=3"
                + "|entry_page=/a|exit_page=/c|purchases=2|converted=true"
                + "|entry_event_id="
                + ID_1
                + "|exit_event_id="
                + ID_3
                + "|session_date=2024-02-29");
  }

  @Test
  void idsAreInTheOrderOfTheirBytes() {
    // As signed numbers, the second would come first.
    Event low = event(1, NOON, "ann", "view", "/low");
    Event high =
        new Event(
            "80000000-0000-4000-8000-000000000000",
            NOON,
            "ann",
            "view",
            "/high",
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            NOON,
            NOON);
    assertThat(rows("gold/sessions", high, low))
        .singleElement()
        .asString()
        .contains("|entry_page=/low|exit_page=/high|");
  }

  @Test
  void factIsTheEventWithItsKeys() {
    Event full =
        new Event(
            ID_1,
            MIDNIGHT - 1,
            "ann",
            "purchase",
            "/a",
            "web",
            "mobile",
            "DE",
            "s-1",
            "p-1",
            3,
            new BigDecimal("19.9900"),
            "EUR",
            MIDNIGHT,
            MIDNIGHT);
    assertThat(rows("gold/fact_events", full, event(2, MIDNIGHT, "bob", "view", "/b")))
        .containsExactly(
            "event_id="
                + ID_1
                + "|event_time=1709251199999999|user_id=ann|user_key=unknown"
                + "|page_key=4fe9ccdf-5181-5b47-b734-eb95292674ba|action=purchase|source=web"
                + "|country=DE|device_type=mobile|session_id=s-1|product_id=p-1|quantity=3"
                + "|price=19.9900|currency=EUR|event_date=2024-02-29",
            "event_id="
                + ID_2
                + "|event_time=1709251200000000|user_id=bob|user_key=unknown"
                + "|page_key=1987adad-7a25-568f-a514-e5b6dd183347|action=view|source=null"
                + "|country=null|device_type=null|session_id=null|product_id=null|quantity=null"
                + "|price=null|currency=null|event_date=2024-03-01");
  }

  @Test
  void leapDayIsDayOfItsOwn() {
    List<Event> events =
        List.of(
            event(1, MIDNIGHT - 24 * HOUR - 1, "ann", "view", "/"),
            event(2, MIDNIGHT - 24 * HOUR, "ann", "view", "/"),
            event(3, MIDNIGHT - 1, "bob", "purchase", "/"),
            event(4, MIDNIGHT - 1, "bob", "view", "/b"),
            event(5, MIDNIGHT, "ann", "view", "/"));
    assertThat(rows("gold/user_days", events))
        .containsExactly(
            "user_id=ann|event_date=2024-02-28",
            "user_id=ann|event_date=2024-02-29",
            "user_id=ann|event_date=2024-03-01",
            "user_id=bob|event_date=2024-02-29");
    assertThat(rows("gold/page_days", events))
        .containsExactly(
            "page=/b|events=1|event_date=2024-02-29",
            "page=/|events=1|event_date=2024-02-28",
            "page=/|events=1|event_date=2024-03-01",
            "page=/|events=2|event_date=2024-02-29");
    assertThat(rows("gold/kpi_conversion_rate", events))
        .containsExactly(
            "event_date=2024-02-28|purchases=0|events=1|conversion_rate=0.0",
            "event_date=2024-02-29|purchases=1|events=3|conversion_rate=0.3333333333333333",
            "event_date=2024-03-01|purchases=0|events=1|conversion_rate=0.0");
    assertThat(rows("gold/kpi_daily_active_users", events))
        .containsExactly(
            "event_date=2024-02-28|dau=1",
            "event_date=2024-02-29|dau=2",
            "event_date=2024-03-01|dau=1");
    assertThat(rows("gold/page_users", events))
        .containsExactly("page=/b|user_id=bob", "page=/|user_id=ann", "page=/|user_id=bob");
  }

  @Test
  void revenueIsPriceTimesQuantityOfPurchases() {
    List<Event> events =
        List.of(
            product(1, "purchase", "p", 3, "0.3333", "EUR"),
            product(2, "purchase", "p", null, "2.0000", "EUR"),
            product(3, "purchase", "p", 5, null, "USD"),
            product(4, "view", "p", 7, "9.0000", "USD"),
            product(5, "purchase", "p", 1, "0.0001", null),
            event(6, NOON, "ann", "purchase", "/"));
    assertThat(rows("gold/product_days", events))
        .containsExactly(
            "product_id=p|events=5|purchases=4|revenue=3.0000|currency=EUR|mixed=false|priced=3"
                + "|event_date=2024-02-29");
  }

  @Test
  void differentCurrenciesHaveNoRevenue() {
    assertThat(
            rows(
                "gold/product_days",
                product(1, "purchase", "p", 1, "1.0000", "EUR"),
                product(2, "purchase", "p", 1, "1.0000", "USD"),
                product(3, "purchase", "q", 1, "1.0000", null),
                product(4, "view", "r", 1, "1.0000", "EUR"),
                product(5, "purchase", "s", 1, null, "EUR")))
        .containsExactly(
            "product_id=p|events=2|purchases=2|revenue=null|currency=null|mixed=true|priced=2"
                + "|event_date=2024-02-29",
            "product_id=q|events=1|purchases=1|revenue=1.0000|currency=null|mixed=false|priced=1"
                + "|event_date=2024-02-29",
            "product_id=r|events=1|purchases=0|revenue=null|currency=null|mixed=false|priced=0"
                + "|event_date=2024-02-29",
            "product_id=s|events=1|purchases=1|revenue=null|currency=null|mixed=false|priced=0"
                + "|event_date=2024-02-29");
  }

  @Test
  void tooMuchRevenueIsNone() {
    assertThat(
            rows(
                "gold/product_days",
                product(1, "purchase", "most", 1, "99999999999999.9998", "EUR"),
                product(2, "purchase", "most", 1, "0.0001", "EUR"),
                product(3, "purchase", "one", 2, "50000000000000.0000", "EUR"),
                product(4, "purchase", "sum", 1, "99999999999999.9999", "EUR"),
                product(5, "purchase", "sum", 1, "0.0001", "EUR"),
                product(6, "purchase", "wraps", Integer.MAX_VALUE, "99999999999999.9999", "EUR")))
        .containsExactly(
            "product_id=most|events=2|purchases=2|revenue=99999999999999.9999|currency=EUR"
                + "|mixed=false|priced=2|event_date=2024-02-29",
            "product_id=one|events=1|purchases=1|revenue=null|currency=EUR"
                + "|mixed=false|priced=1|event_date=2024-02-29",
            "product_id=sum|events=2|purchases=2|revenue=null|currency=EUR"
                + "|mixed=false|priced=2|event_date=2024-02-29",
            "product_id=wraps|events=1|purchases=1|revenue=null|currency=EUR"
                + "|mixed=false|priced=1|event_date=2024-02-29");
  }

  @Test
  void usersAreSeenFromFirstToLast() {
    assertThat(
            rows(
                "gold/dim_users_stats",
                from("web", 1, NOON, "ann", "view", "/"),
                from("app", 2, NOON + 2, "ann", "purchase", "/"),
                from("web", 3, NOON + 1, "ann", "purchase", "/"),
                from(null, 4, NOON + 3, "ann", "view", "/"),
                from(null, 5, NOON, "bob", "view", "/"),
                from("😀", 6, NOON, "eve", "view", "/"),
                from("\uFFFD", 7, NOON, "eve", "view", "/"),
                from("\"\\\n\u001F", 8, NOON, "eve", "view", "/"),
                from("", 9, NOON, "eve", "view", "/")))
        .containsExactly(
            "user_id=ann|events=4|purchases=2|sources=2|first_seen=1709208000000000"
                + "|last_seen=1709208000000003|source_names=[\"app\",\"web\"]",
            "user_id=bob|events=1|purchases=0|sources=0|first_seen=1709208000000000"
                + "|last_seen=1709208000000000|source_names=[]",
            "user_id=eve|events=4|purchases=0|sources=4|first_seen=1709208000000000"
                + "|last_seen=1709208000000000"
                + "|source_names=[\"\",\"\\\"\\\\\\n\\u001F\",\"\uFFFD\",\"😀\"]");
  }

  @Test
  void pagesAreSeenFromFirstToLast() {
    assertThat(
            rows(
                "gold/dim_pages",
                event(1, NOON + 2, "ann", "view", "/a"),
                event(2, NOON + 1, "ann", "view", "/a"),
                event(3, MIDNIGHT, "bob", "view", "/a"),
                event(4, NOON, "bob", "view", "/b")))
        .containsExactly(
            "page_key=1987adad-7a25-568f-a514-e5b6dd183347|page=/b|events=1|users=1"
                + "|first_seen=1709208000000000|last_seen=1709208000000000",
            "page_key=4fe9ccdf-5181-5b47-b734-eb95292674ba|page=/a|events=3|users=2"
                + "|first_seen=1709208000000001|last_seen=1709251200000000");
  }

  @Test
  void noSourceIsUnknown() {
    assertThat(
            rows(
                "gold/kpi_events_per_source",
                from(null, 1, NOON, "ann", "view", "/"),
                from("unknown", 2, NOON, "ann", "view", "/"),
                from("web", 3, NOON, "ann", "view", "/"),
                from("web", 4, MIDNIGHT, "ann", "view", "/")))
        .containsExactly(
            "event_date=2024-02-29|source=unknown|event_count=2",
            "event_date=2024-02-29|source=web|event_count=1",
            "event_date=2024-03-01|source=web|event_count=1");
  }

  @Test
  void pagesOfOneRankAreInTheOrderOfCodePoints() {
    assertThat(
            rows(
                "gold/top_pages",
                event(1, NOON, "ann", "view", "/😀"),
                event(2, NOON, "ann", "view", "/\uFFFD"),
                event(3, NOON, "ann", "view", "/z"),
                event(4, NOON, "ann", "view", "/z"),
                event(5, NOON, "ann", "view", "/a"),
                event(6, MIDNIGHT, "ann", "view", "/a")))
        .containsExactly(
            "event_date=2024-02-29|rank=1|page=/z|events=2",
            "event_date=2024-02-29|rank=2|page=/a|events=1",
            "event_date=2024-02-29|rank=3|page=/\uFFFD|events=1",
            "event_date=2024-02-29|rank=4|page=/😀|events=1",
            "event_date=2024-03-01|rank=1|page=/a|events=1");
  }

  @Test
  void dayHasHundredTopPages() {
    List<Event> events =
        IntStream.range(0, 101)
            .mapToObj(i -> event(i, NOON, "ann", "view", String.format("/%03d", i)))
            .toList();
    assertThat(rows("gold/top_pages", events))
        .hasSize(100)
        .contains("event_date=2024-02-29|rank=100|page=/099|events=1")
        .noneMatch(row -> row.contains("/100"));
  }

  @Test
  void dayHasHundredTopProducts() {
    List<Event> events =
        IntStream.range(0, 101)
            .mapToObj(i -> product(i, "view", String.format("p%03d", i), null, null, null))
            .toList();
    assertThat(rows("gold/top_products", events))
        .hasSize(100)
        .contains(
            "event_date=2024-02-29|rank=100|product_id=p099|events=1|purchases=0|revenue=null")
        .noneMatch(row -> row.contains("p100"));
  }

  @Test
  void productsRankByPurchasesThenEventsThenName() {
    assertThat(
            rows(
                "gold/top_products",
                product(1, "view", "seen", null, null, null),
                product(2, "view", "seen", null, null, null),
                product(3, "view", "seen", null, null, null),
                product(4, "purchase", "sold", 2, "1.5000", "EUR"),
                product(5, "purchase", "c", null, null, null),
                product(6, "view", "c", null, null, null),
                product(7, "purchase", "b", 1, "1.0000", "EUR"),
                product(8, "purchase", "a", 1, "1.0000", "EUR"),
                product(9, "purchase", "mixed", 1, "1.0000", "EUR"),
                product(10, "purchase", "mixed", 1, "1.0000", "USD"),
                event(11, NOON, "ann", "purchase", "/")))
        .containsExactly(
            "event_date=2024-02-29|rank=1|product_id=mixed|events=2|purchases=2|revenue=null",
            "event_date=2024-02-29|rank=2|product_id=c|events=2|purchases=1|revenue=null",
            "event_date=2024-02-29|rank=3|product_id=a|events=1|purchases=1|revenue=1.0000",
            "event_date=2024-02-29|rank=4|product_id=b|events=1|purchases=1|revenue=1.0000",
            "event_date=2024-02-29|rank=5|product_id=sold|events=1|purchases=1|revenue=3.0000",
            "event_date=2024-02-29|rank=6|product_id=seen|events=3|purchases=0|revenue=null");
  }

  @Test
  void eventOnTheEdgeOfLatenessIsInTime() {
    List<Event> events =
        List.of(
            arrived(1, "ann", "login", null, EDGE, 5),
            arrived(2, "bob", "login", null, EDGE + 1, 7),
            arrived(3, "eve", "login", "web", EDGE + 1, 6),
            arrived(4, "ann", "purchase", null, EDGE, 9),
            arrived(5, "bob", "purchase", null, EDGE - 1, 8),
            arrived(6, "eve", "purchase", null, EDGE + 1, 4),
            arrived(7, "ann", "view", null, EDGE + 1, 3));
    assertThat(rows("gold/live_events_per_minute", events))
        .containsExactly(
            "window_start=1709208000000000|window_end=1709208060000000|action=login|event_count=1"
                + "|events_per_second=0.016666666666666666|too_late=2|updated_at=7",
            "window_start=1709208000000000|window_end=1709208060000000|action=purchase"
                + "|event_count=2|events_per_second=0.03333333333333333|too_late=1|updated_at=9",
            "window_start=1709208000000000|window_end=1709208060000000|action=view|event_count=0"
                + "|events_per_second=0.0|too_late=1|updated_at=3");
    assertThat(rows("gold/live_active_users_per_minute", events))
        .containsExactly(
            "window_start=1709208000000000|window_end=1709208060000000|active_users=2|too_late=4"
                + "|updated_at=9");
    assertThat(rows("gold/live_logins_per_source", events))
        .containsExactly(
            "window_start=1709208000000000|window_end=1709208060000000|source=unknown|logins=1"
                + "|too_late=1|updated_at=7",
            "window_start=1709208000000000|window_end=1709208060000000|source=web|logins=0"
                + "|too_late=1|updated_at=6");
    assertThat(rows("gold/live_purchases_per_minute", events))
        .containsExactly(
            "window_start=1709208000000000|window_end=1709208060000000|purchases=2|too_late=1"
                + "|updated_at=9");
  }

  @Test
  void latenessCountsFromTheEndOfTheMinute() {
    // The earliest and the latest time of a minute have the same edge.
    Event first = inMinute(1, NOON, EDGE);
    Event last = inMinute(2, NOON + MINUTE - 1, EDGE);
    Event next = inMinute(3, NOON + MINUTE, EDGE + MINUTE);
    assertThat(rows("gold/live_events_per_minute", first, last, next))
        .containsExactly(
            "window_start=1709208000000000|window_end=1709208060000000|action=view|event_count=2"
                + "|events_per_second=0.03333333333333333|too_late=0|updated_at=1709208660000000",
            "window_start=1709208060000000|window_end=1709208120000000|action=view|event_count=1"
                + "|events_per_second=0.016666666666666666|too_late=0|updated_at=1709208720000000");
  }

  private static Event inMinute(int id, long time, long arrival) {
    return new Event(
        id(id), time, "ann", "view", "/", null, null, null, null, null, null, null, null, arrival,
        arrival);
  }

  @Test
  void lateEventCountsInTheTablesThatWait() {
    Event late = arrived(1, "ann", "view", null, EDGE + 1, EDGE + 1);
    assertThat(rows("gold/events_per_minute", late))
        .containsExactly(
            "window_start=1709208000000000|window_end=1709208060000000|action=view|event_count=1");
    assertThat(rows("gold/active_users_per_minute", late))
        .containsExactly(
            "window_start=1709208000000000|window_end=1709208060000000|active_users=1");
  }
}
