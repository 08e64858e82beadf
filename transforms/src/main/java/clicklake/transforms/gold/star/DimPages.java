package clicklake.transforms.gold.star;

import static clicklake.transforms.gold.table.GoldColumns.FIRST_SEEN;
import static clicklake.transforms.gold.table.GoldColumns.LAST_SEEN;
import static clicklake.transforms.gold.table.GoldColumns.filled;
import static clicklake.transforms.gold.table.GoldColumns.number;
import static clicklake.transforms.gold.table.GoldColumns.schema;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column.Type;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.Aggregation;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.NameUuid;
import clicklake.transforms.gold.table.SilverEvent;
import java.util.List;
import java.util.function.LongPredicate;

/** {@link #TABLE}: what is known of each page. Its users are the keys of {@link PageUsers}. */
public final class DimPages extends Aggregation<String, DimPages.Figures> {
  /** What is known of each page. */
  public static final GoldTable TABLE =
      GoldTable.ofAny(
              schema(
                  "dim_pages",
                  "Every page with an event",
                  null,
                  filled("page_key", Type.STRING, "UUIDv5 of the page"),
                  filled("page", Type.STRING, "the page"),
                  number("events", "unique events"),
                  number("users", "number of distinct user_ids, exact"),
                  FIRST_SEEN,
                  LAST_SEEN))
          .derivedFrom(PageUsers.TABLE);

  private static final int PAGE = TABLE.index("page");
  private static final int EVENTS = TABLE.index("events");
  private static final int USERS = TABLE.index("users");
  private static final int FIRST = TABLE.index(FIRST_SEEN.name());
  private static final int LAST = TABLE.index(LAST_SEEN.name());

  /** Figures of a page. */
  public static final class Figures {
    private final Activity activity = new Activity();
    private long users;
  }

  public DimPages() {
    super(TABLE);
  }

  @Override
  public List<String> reads() {
    return List.of("event_time", "page");
  }

  @Override
  public Figures createAccumulator() {
    return new Figures();
  }

  @Override
  public void add(SilverEvent event, Accumulators<String, Figures> accumulators) {
    accumulators.at(event.page()).activity.addEvent(event.micros());
  }

  @Override
  public void add(TableReader.Row row, long day, Accumulators<String, Figures> accumulators) {
    addActivity(row, accumulators).users += row.longAt(USERS);
  }

  @Override
  public void addExistingRow(
      TableReader.Row row,
      long day,
      LongPredicate recomputed,
      Accumulators<String, Figures> accumulators) {
    Figures figures = addActivity(row, accumulators);
    if (!recomputed.test(day)) {
      figures.users += row.longAt(USERS);
    }
  }

  private static Figures addActivity(
      TableReader.Row row, Accumulators<String, Figures> accumulators) {
    Figures figures = accumulators.at(row.textAt(PAGE));
    figures.activity.add(row.longAt(EVENTS), row.longAt(FIRST), row.longAt(LAST));
    return figures;
  }

  @Override
  public void emitRows(String page, Figures figures, RowSink out) {
    out.row(
        NameUuid.ofPage(page),
        page,
        figures.activity.events(),
        figures.users,
        figures.activity.firstSeen(),
        figures.activity.lastSeen());
  }

  @Override
  public boolean bucketed() {
    return true;
  }
}
