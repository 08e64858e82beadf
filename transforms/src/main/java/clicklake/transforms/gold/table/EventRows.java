package clicklake.transforms.gold.table;

import clicklake.schemas.lake.RowSink;

/**
 * A gold table that is append-only: each event is a row of its own, and nothing is ever added to a
 * row.
 */
public interface EventRows extends GoldDefinition {

  /** Emits the event's row. */
  void emitRow(SilverEvent event, RowSink out);
}
