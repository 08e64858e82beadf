package clicklake.transforms.gold;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.PartitionFiles;
import clicklake.schemas.table.GoldTable;
import clicklake.schemas.table.GoldTables;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@link GoldTables#FACT_EVENTS}: a row for each event, one file a date at least. The one
 * table whose rows nothing is added to.
 */
final class FactEvents implements AutoCloseable {
  static final GoldTable TABLE = GoldTables.FACT_EVENTS;
  static final List<String> READS =
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

  private static final int MOST_PAGE_KEYS = 10_000;

  private final PartitionFiles files;
  private final Map<Long, PartitionFiles.OpenFile> open = new TreeMap<>();
  private final List<DataFile.Content> written = new ArrayList<>();
  private final Map<String, String> pageKeys = new HashMap<>();

  FactEvents(PartitionFiles files) {
    this.files = files;
  }

  void add(SilverEvent event) {
    open.computeIfAbsent(event.day(), day -> files.open(TABLE.schema(), LocalDate.ofEpochDay(day)))
        .row(
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
      if (pageKeys.size() < MOST_PAGE_KEYS) {
        pageKeys.put(page, key);
      }
    }
    return key;
  }

  /** Closes all files: what is added from now on goes to others. Open files take memory. */
  void finishDates() {
    for (PartitionFiles.OpenFile file : open.values()) {
      written.add(file.finish());
    }
    open.clear();
  }

  /** The files, with all events that were added. */
  List<DataFile.Content> finish() {
    finishDates();
    return List.copyOf(written);
  }

  /** Gives up what was not finished. */
  @Override
  public void close() {
    @Nullable RuntimeException failure = null;
    for (PartitionFiles.OpenFile file : open.values()) {
      try {
        file.close();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    open.clear();
    if (failure != null) {
      throw failure;
    }
  }
}
