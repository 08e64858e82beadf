package clicklake.transforms.gold.star;

import static clicklake.transforms.gold.table.GoldColumns.DATE;
import static clicklake.transforms.gold.table.GoldColumns.filled;
import static clicklake.transforms.gold.table.GoldColumns.kept;
import static clicklake.transforms.gold.table.GoldColumns.nullable;
import static clicklake.transforms.gold.table.GoldColumns.schema;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.table.Column.Type;
import clicklake.transforms.gold.table.EventRows;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.NameUuid;
import clicklake.transforms.gold.table.SilverEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@link #TABLE}: every event with the keys of its dimensions. */
public final class FactEvents implements EventRows {
  /** Events as facts of the star schema. */
  public static final GoldTable TABLE =
      GoldTable.ofEvents(
          schema(
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

  private static final List<String> READS =
      List.of(
          "event_id",
          "event_time",
          "user_id",
          "page",
          "action",
          "source",
          "country",
          "device_type",
          "session_id",
          "product_id",
          "quantity",
          "price",
          "currency");

  /** Until dim_users has versions. */
  private static final String UNKNOWN_USER = "unknown";

  private static final int MAX_PAGE_KEYS = 10_000;

  private final Map<String, String> pageKeys = new HashMap<>();

  @Override
  public GoldTable table() {
    return TABLE;
  }

  @Override
  public List<String> reads() {
    return READS;
  }

  @Override
  public void emitRow(SilverEvent event, RowSink out) {
    out.row(
        event.eventId(),
        event.micros(),
        event.userId(),
        UNKNOWN_USER,
        pageKey(event.page()),
        event.action().text(),
        event.source(),
        event.country(),
        event.deviceType(),
        event.sessionId(),
        event.productId(),
        event.quantityOrNull(),
        event.priceOrNull(),
        event.currency());
  }

  private String pageKey(String page) {
    String key = pageKeys.get(page);
    if (key == null) {
      key = NameUuid.ofPage(page);
      if (pageKeys.size() < MAX_PAGE_KEYS) {
        pageKeys.put(page, key);
      }
    }
    return key;
  }
}
