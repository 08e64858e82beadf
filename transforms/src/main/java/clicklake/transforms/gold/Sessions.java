package clicklake.transforms.gold;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.GoldTables;
import org.jspecify.annotations.Nullable;

/** {@link GoldTables#SESSIONS}, as {@link FindSessions} found them. */
final class Sessions extends Mart<Sessions.Key, Sessions.Found> {

  /** A user's session. */
  record Key(String user, long start) {}

  /** The one session of a key. */
  static final class Found {
    private @Nullable Session session;
  }

  Sessions() {
    super(GoldTables.SESSIONS);
  }

  @Override
  Found empty() {
    return new Found();
  }

  @Override
  void add(TableReader.Row row, long day, Sums<Key, Found> sums) {
    Session session = session(row);
    sums.at(new Key(user(row), session.start())).session = session;
  }

  static String user(TableReader.Row row) {
    return row.textAt(1);
  }

  static Session session(TableReader.Row row) {
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
  void put(Key key, Found found, RowSink out) {
    if (found.session != null) {
      put(key.user(), found.session, out);
    }
  }

  static void put(String user, Session session, RowSink out) {
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
  long start(Key key) {
    return key.start();
  }
}
