package clicklake.schemas.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;

class FeedTest {
  private static final TableSchema ORDERS =
      new TableSchema(
          "silver/orders",
          "orders",
          List.of(new Column("order_id", Column.Type.STRING, false, true, "its id")),
          "order_date");

  @Test
  void aFeedOfAnotherNameHasTheColumnsOfRecordsAndRejects() {
    Feed orders = Feed.of("orders", ORDERS);

    assertThat(orders.tables())
        .extracting(TableSchema::path)
        .containsExactly("bronze/orders", "silver/orders", "quarantine/orders");
    assertThat(orders.bronze().columns()).isEqualTo(EventTables.BRONZE_EVENTS.columns());
    assertThat(orders.quarantine().columns()).isEqualTo(EventTables.QUARANTINE_EVENTS.columns());
    assertThat(orders.silver()).isEqualTo(ORDERS);
  }

  @Test
  void theTablesOfEventsAreAFeed() {
    assertThat(Feed.EVENTS.tables()).isEqualTo(EventTables.EVENTS);
    assertThat(Feed.of("events", EventTables.SILVER_EVENTS)).isEqualTo(Feed.EVENTS);
    assertThat(SerializableUtils.clone(Feed.EVENTS)).isEqualTo(Feed.EVENTS);
  }

  @Test
  void whatIsNoFeedIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Feed.of("clicks", ORDERS));
    assertThatIllegalArgumentException().isThrownBy(() -> Feed.of("../orders", ORDERS));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Feed("orders", ORDERS, ORDERS, EventTables.QUARANTINE_EVENTS));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Feed.of("orders", ORDERS).requireEvents("audit"))
        .withMessage("orders: there is no audit but of events");
  }
}
