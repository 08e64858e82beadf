package clicklake.transforms.gold.table;

import clicklake.schemas.lake.RowSink;

/**
 * A gold table that is append-only: each event is a row of its own, and nothing is ever added to a
 * row.
 */
public interface EventRows extends GoldDefinition {

  /** Puts the event's row. */
  void put(SilverEvent event, RowSink out);
}
