package clicklake.io.lookup;

import clicklake.schemas.table.TableFiles.RowFacts;

/** An event id, for the few that need a closer look. */
public record EventId(long high, long low) {
  /** The id of a row. */
  public static EventId of(RowFacts row) {
    return new EventId(row.idHigh(), row.idLow());
  }
}
