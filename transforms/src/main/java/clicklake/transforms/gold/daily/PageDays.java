package clicklake.transforms.gold.daily;

import static clicklake.transforms.gold.table.GoldColumns.DATE;
import static clicklake.transforms.gold.table.GoldColumns.filled;
import static clicklake.transforms.gold.table.GoldColumns.number;
import static clicklake.transforms.gold.table.GoldColumns.schema;
import static java.util.Comparator.comparingLong;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column.Type;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.CodePoints;
import clicklake.transforms.gold.table.Count;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.SilverEvent;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** {@link #TABLE}: events by day and page, from which a day's first pages come. */
public final class PageDays extends RankedDays<Count> {
  /** Events of pages by day: what a day's first pages are derived from. */
  public static final GoldTable TABLE =
      GoldTable.ofDates(
          schema(
              "page_days",
              "Unique events per day and page",
              DATE,
              filled("page", Type.STRING, "the page"),
              number("events", "unique events")));

  private static final int EVENTS = TABLE.index("events");

  private static final Comparator<Map.Entry<Key, Count>> RANKS =
      comparingLong((Map.Entry<Key, Count> entry) -> -entry.getValue().number())
          .thenComparing(entry -> entry.getKey().name(), CodePoints.ORDER);

  public PageDays() {
    super(TABLE, "page", TopPages.TABLE, RANKS);
  }

  @Override
  public List<String> reads() {
    return List.of("event_time", "page");
  }

  @Override
  public Count createAccumulator() {
    return new Count();
  }

  @Override
  public void add(SilverEvent event, Accumulators<Key, Count> accumulators) {
    accumulators.at(new Key(event.day(), event.page())).add(1);
  }

  @Override
  void addFigures(TableReader.Row row, Count events) {
    events.add(row.longAt(EVENTS));
  }

  @Override
  public void emitRows(Key key, Count count, RowSink out) {
    out.row(key.name(), count.number());
  }

  @Override
  void emitRanked(int rank, Key page, Count events, RowSink out) {
    out.row((int) page.day(), rank, page.name(), events.number());
  }
}
