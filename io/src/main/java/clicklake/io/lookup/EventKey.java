package clicklake.io.lookup;

import clicklake.schemas.table.TableFiles.RowFacts;

/**
 * An event id at one event time.
 *
 * @param idHigh upper half of the id
 * @param idLow lower half of the id
 * @param eventMicros microseconds since 1970
 */
public record EventKey(long idHigh, long idLow, long eventMicros) {
  /** The key of a row. */
  public static EventKey of(RowFacts row) {
    return new EventKey(row.idHigh(), row.idLow(), row.eventMicros());
  }
}
