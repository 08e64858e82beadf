package clicklake.transforms.gold;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.GoldTables;
import java.util.List;
import java.util.Map;

/**
 * Joins each user's events and earlier sessions to sessions, from which {@link Sessions} are cut by
 * hours.
 */
final class FindSessions extends Mart<String, Visits> {
  private static final long GAP = GoldTables.SESSION_GAP.toNanos() / 1000;

  FindSessions() {
    super(GoldTables.SESSIONS);
  }

  @Override
  List<String> reads() {
    return List.of("event_id", "event_time", "user_id", "page", "action");
  }

  @Override
  Visits empty() {
    return new Visits(GAP);
  }

  @Override
  void add(SilverEvent event, Sums<String, Visits> sums) {
    sums.at(event.userId()).add(Session.of(event));
  }

  @Override
  void add(TableReader.Row row, long day, Sums<String, Visits> sums) {
    sums.at(Sessions.user(row)).add(Sessions.session(row));
  }

  @Override
  void put(String user, Visits visits, RowSink out) {
    visits.sessions().forEach(session -> Sessions.put(user, session, out));
  }

  @Override
  boolean spreads() {
    return true;
  }

  @Override
  boolean writesFiles() {
    return false;
  }

  @Override
  void draw(Map<String, Visits> part, Drawn out) {
    RowSink rows = out.into(GoldTables.SESSIONS);
    part.forEach((user, visits) -> put(user, visits, rows));
  }
}
