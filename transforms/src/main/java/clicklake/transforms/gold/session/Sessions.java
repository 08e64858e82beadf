package clicklake.transforms.gold.session;

import static clicklake.transforms.gold.table.GoldColumns.SESSION_GAP;
import static clicklake.transforms.gold.table.GoldColumns.filled;
import static clicklake.transforms.gold.table.GoldColumns.kept;
import static clicklake.transforms.gold.table.GoldColumns.number;
import static clicklake.transforms.gold.table.GoldColumns.schema;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column.Type;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.Aggregation;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.NameUuid;
import org.jspecify.annotations.Nullable;

/** {@link #TABLE}, as {@link SessionVisits} found them. */
public final class Sessions extends Aggregation<Sessions.Key, Sessions.Found> {
  /** Visits. */
  public static final GoldTable TABLE =
      GoldTable.ofSpans(
          schema(
              "sessions",
              "A user's events with no pause of more than 30 minutes between them; a pause of"
                  + " exactly 30 minutes does not end a session",
              "session_date",
              filled("session_id", Type.STRING, "UUIDv5 of user_id and session_start"),
              filled("user_id", Type.STRING, "whose events these are"),
              kept("session_start", Type.TIMESTAMP, "event_time of the first event"),
              kept("session_end", Type.TIMESTAMP, "event_time of the last event"),
              number("event_count", "unique events"),
              filled("entry_page", Type.STRING, "page of the first event; lowest event_id of ties"),
              filled("exit_page", Type.STRING, "page of the last event; highest event_id of ties"),
              number("purchases", "events with action purchase"),
              filled("converted", Type.BOOLEAN, "whether there is a purchase"),
              filled("entry_event_id", Type.STRING, "the first event"),
              filled("exit_event_id", Type.STRING, "the last event")),
          "session_start",
          "session_end",
          SESSION_GAP);

  private static final int USER = TABLE.index("user_id");
  private static final int START = TABLE.index("session_start");
  private static final int END = TABLE.index("session_end");
  private static final int EVENTS = TABLE.index("event_count");
  private static final int ENTRY_PAGE = TABLE.index("entry_page");
  private static final int EXIT_PAGE = TABLE.index("exit_page");
  private static final int PURCHASES = TABLE.index("purchases");
  private static final int ENTRY_ID = TABLE.index("entry_event_id");
  private static final int EXIT_ID = TABLE.index("exit_event_id");

  /** A user's session. */
  public record Key(String user, long start) {}

  /** The one session of a key. */
  public static final class Found {
    private @Nullable Session session;
  }

  public Sessions() {
    super(TABLE);
  }

  @Override
  public Found createAccumulator() {
    return new Found();
  }

  @Override
  public void add(TableReader.Row row, long day, Accumulators<Key, Found> accumulators) {
    Session session = session(row);
    accumulators.at(new Key(user(row), session.start())).session = session;
  }

  public static String user(TableReader.Row row) {
    return row.textAt(USER);
  }

  public static Session session(TableReader.Row row) {
    return new Session(
        row.longAt(START),
        row.longAt(END),
        row.textAt(ENTRY_ID),
        row.textAt(ENTRY_PAGE),
        row.textAt(EXIT_ID),
        row.textAt(EXIT_PAGE),
        row.longAt(EVENTS),
        row.longAt(PURCHASES));
  }

  @Override
  public void emitRows(Key key, Found found, RowSink out) {
    if (found.session != null) {
      emitRow(key.user(), found.session, out);
    }
  }

  public static void emitRow(String user, Session session, RowSink out) {
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
