package clicklake.transforms.gold.star;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.PartitionFiles;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.GoldTables;
import clicklake.transforms.gold.table.NameUuid;
import clicklake.transforms.gold.table.SilverEvent;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@link GoldTables#FACT_EVENTS}: a row for each event, one file a date at least. The one
 * table whose rows nothing is added to.
 */
public final class FactEvents implements AutoCloseable {
  public static final GoldTable TABLE = GoldTables.FACT_EVENTS;
  public static final List<String> READS =
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
  private final List<DataFile> written = new ArrayList<>();
  private long day;
  private PartitionFiles.@Nullable OpenFile open;
  private final Map<String, String> pageKeys = new HashMap<>();

  public FactEvents(PartitionFiles files) {
    this.files = files;
  }

  /** Adds an event. Those of one day are best added one after the other: each change is a file. */
  public void add(SilverEvent event) {
    file(event.day())
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

  private PartitionFiles.OpenFile file(long wanted) {
    PartitionFiles.OpenFile file = open;
    if (file == null || wanted != day) {
      finishOpen();
      file = files.open(TABLE.schema(), LocalDate.ofEpochDay(wanted));
      open = file;
      day = wanted;
    }
    return file;
  }

  private void finishOpen() {
    PartitionFiles.OpenFile file = open;
    if (file != null) {
      written.add(file.finish());
      open = null;
    }
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

  /** The files, with all events that were added. */
  public List<DataFile> finish() {
    finishOpen();
    return List.copyOf(written);
  }

  /** Gives up what was not finished. */
  @Override
  public void close() {
    PartitionFiles.OpenFile file = open;
    open = null;
    if (file != null) {
      file.close();
    }
  }
}
