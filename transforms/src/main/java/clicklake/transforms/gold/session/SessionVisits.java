package clicklake.transforms.gold.session;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.Aggregation;
import clicklake.transforms.gold.table.GoldColumns;
import clicklake.transforms.gold.table.SilverEvent;
import java.util.List;
import java.util.Map;

/**
 * Joins each user's events and existing sessions to sessions, from which {@link Sessions} is
 * derived hour by hour.
 */
public final class SessionVisits extends Aggregation<String, Visits> {
  private static final long GAP = GoldColumns.SESSION_GAP.toNanos() / 1000;

  public SessionVisits() {
    super(Sessions.TABLE);
  }

  @Override
  public List<String> reads() {
    return List.of("event_id", "event_time", "user_id", "page", "action");
  }

  @Override
  public Visits createAccumulator() {
    return new Visits(GAP);
  }

  @Override
  public void add(SilverEvent event, Accumulators<String, Visits> accumulators) {
    accumulators.at(event.userId()).add(Session.of(event));
  }

  @Override
  public void add(TableReader.Row row, long day, Accumulators<String, Visits> accumulators) {
    accumulators.at(Sessions.user(row)).add(Sessions.session(row));
  }

  @Override
  public void emitRows(String user, Visits visits, RowSink out) {
    visits.sessions().forEach(session -> Sessions.emitRow(user, session, out));
  }

  @Override
  public boolean bucketed() {
    return true;
  }

  @Override
  public boolean writesFiles() {
    return false;
  }

  @Override
  public void emitDerivedRows(Map<String, Visits> part, DerivedRows out) {
    RowSink rows = out.into(Sessions.TABLE);
    part.forEach((user, visits) -> emitRows(user, visits, rows));
  }
}
