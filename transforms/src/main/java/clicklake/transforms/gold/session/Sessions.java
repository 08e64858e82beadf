package clicklake.transforms.gold.session;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.Aggregation;
import clicklake.transforms.gold.table.GoldTables;
import clicklake.transforms.gold.table.NameUuid;
import org.jspecify.annotations.Nullable;

/** {@link GoldTables#SESSIONS}, as {@link SessionVisits} found them. */
public final class Sessions extends Aggregation<Sessions.Key, Sessions.Found> {

  /** A user's session. */
  public record Key(String user, long start) {}

  /** The one session of a key. */
  public static final class Found {
    private @Nullable Session session;
  }

  public Sessions() {
    super(GoldTables.SESSIONS);
  }

  @Override
  public Found empty() {
    return new Found();
  }

  @Override
  public void add(TableReader.Row row, long day, Accumulators<Key, Found> sums) {
    Session session = session(row);
    sums.at(new Key(user(row), session.start())).session = session;
  }

  public static String user(TableReader.Row row) {
    return row.textAt(1);
  }

  public static Session session(TableReader.Row row) {
    return new Session(
        row.longAt(2),
        row.longAt(3),
        row.textAt(9),
        row.textAt(5),
        row.textAt(10),
        row.textAt(6),
        row.longAt(4),
        row.longAt(7));
  }

  @Override
  public void put(Key key, Found found, RowSink out) {
    if (found.session != null) {
      put(key.user(), found.session, out);
    }
  }

  public static void put(String user, Session session, RowSink out) {
    out.row(
        NameUuid.ofSession(user, session.start()),
        user,
        session.start(),
        session.end(),
        session.events(),
        session.entryPage(),
        session.exitPage(),
        session.purchases(),
        session.purchases() > 0,
        session.entryId(),
        session.exitId());
  }

  @Override
  public long start(Key key) {
    return key.start();
  }
}
