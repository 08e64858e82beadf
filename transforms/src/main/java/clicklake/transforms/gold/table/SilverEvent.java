package clicklake.transforms.gold.table;

import clicklake.schemas.contract.Action;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.EventTables;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The current row of silver, for all aggregations that read it. Only columns that were read may be
 * asked for. A text is decoded once a row, however often it is asked for. Not safe for use by
 * several threads.
 */
public final class SilverEvent {
  public static final long MICROS_OF_MINUTE = 60_000_000L;
  public static final long MICROS_OF_DAY = 86_400_000_000L;
  private static final Map<String, Action> ACTIONS =
      Arrays.stream(Action.values()).collect(Collectors.toMap(Action::text, Function.identity()));

  private final List<Column> columns;
  private final int eventId;
  private final int eventTime;
  private final int userId;
  private final int action;
  private final int page;
  private final int source;
  private final int productId;
  private final int quantity;
  private final int price;
  private final int currency;
  private final int country;
  private final int deviceType;
  private final int sessionId;
  private final int ingestedAt;
  private final int processedAt;

  private TableReader.@Nullable Row row;
  private long micros;
  private @Nullable Action knownAction;
  private @Nullable String knownUser;
  private byte @Nullable [] knownUserBytes;
  private @Nullable String knownPage;

  /**
   * @param names columns of silver that are read
   * @throws IllegalArgumentException if silver has no column of a name
   */
  public SilverEvent(Collection<String> names) {
    names.forEach(EventTables.SILVER_EVENTS::column);
    this.columns =
        EventTables.SILVER_EVENTS.columns().stream()
            .filter(column -> names.contains(column.name()))
            .toList();
    this.eventId = index("event_id");
    this.eventTime = index("event_time");
    this.userId = index("user_id");
    this.action = index("action");
    this.page = index("page");
    this.source = index("source");
    this.productId = index("product_id");
    this.quantity = index("quantity");
    this.price = index("price");
    this.currency = index("currency");
    this.country = index("country");
    this.deviceType = index("device_type");
    this.sessionId = index("session_id");
    this.ingestedAt = index("_ingested_at");
    this.processedAt = index("_processed_at");
  }

  private int index(String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** What to read of silver's files, in the order that {@link #at} wants. */
  public List<Column> columns() {
    return columns;
  }

  /** Moves to a row. */
  public void at(TableReader.Row next) {
    row = next;
    micros = next.longAt(eventTime);
    knownAction = null;
    knownUser = null;
    knownUserBytes = null;
    knownPage = null;
  }

  private TableReader.Row row() {
    TableReader.Row current = row;
    if (current == null) {
      throw new IllegalStateException("no current row");
    }
    return current;
  }

  public String eventId() {
    return row().textAt(eventId);
  }

  /** Microseconds since 1970. */
  public long micros() {
    return micros;
  }

  /** Start of the minute, in microseconds since 1970. */
  public long minute() {
    return Math.floorDiv(micros, MICROS_OF_MINUTE) * MICROS_OF_MINUTE;
  }

  /** Days since 1970. */
  public long day() {
    return Math.floorDiv(micros, MICROS_OF_DAY);
  }

  public String userId() {
    String user = knownUser;
    if (user == null) {
      user = row().textAt(userId);
      knownUser = user;
    }
    return user;
  }

  /** The user's id as UTF-8; not to be changed. */
  public byte[] userIdBytes() {
    byte[] user = knownUserBytes;
    if (user == null) {
      user = row().bytesAt(userId);
      knownUserBytes = user;
    }
    return user;
  }

  /**
   * @throws clicklake.schemas.table.CorruptTableException if this version of Clicklake does not
   *     know it
   */
  public Action action() {
    Action known = knownAction;
    if (known == null) {
      String text = row().textAt(action);
      known = ACTIONS.get(text);
      if (known == null) {
        throw GoldFailures.unknownAction(text);
      }
      knownAction = known;
    }
    return known;
  }

  public boolean isPurchase() {
    return action() == Action.PURCHASE;
  }

  public String page() {
    String text = knownPage;
    if (text == null) {
      text = row().textAt(page);
      knownPage = text;
    }
    return text;
  }

  private @Nullable String text(int column) {
    return row().isNull(column) ? null : row().textAt(column);
  }

  public @Nullable String source() {
    return text(source);
  }

  /** The source, or {@code unknown}. */
  public String sourceOrUnknown() {
    String text = text(source);
    return text == null ? "unknown" : text;
  }

  public @Nullable String productId() {
    return text(productId);
  }

  /** The quantity; 1 if there is none. */
  public int quantity() {
    return row().isNull(quantity) ? 1 : row().intAt(quantity);
  }

  public @Nullable Integer quantityOrNull() {
    return row().isNull(quantity) ? null : row().intAt(quantity);
  }

  public @Nullable String country() {
    return text(country);
  }

  public @Nullable String deviceType() {
    return text(deviceType);
  }

  /** The client's session. */
  public @Nullable String sessionId() {
    return text(sessionId);
  }

  public boolean hasPrice() {
    return !row().isNull(price);
  }

  /** Ten-thousandths. */
  public long price() {
    return row().longAt(price);
  }

  /** Ten-thousandths; null if there is none. */
  public @Nullable Long priceOrNull() {
    return row().isNull(price) ? null : row().longAt(price);
  }

  public @Nullable String currency() {
    return text(currency);
  }

  /** When the record arrived, in microseconds since 1970. */
  public long ingestedAt() {
    return row().longAt(ingestedAt);
  }

  /** When the row was written, in microseconds since 1970. */
  public long processedAt() {
    return row().longAt(processedAt);
  }
}
