package clicklake.io.lookup;

import clicklake.io.ledger.LedgerTable;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.TableFiles.RowFacts;
import clicklake.schemas.table.TableLog.TableState;
import clicklake.schemas.table.TimeSpans;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Searches a table for rows by their events. What was found is kept for the next search.
 *
 * <p>Files that may hold the time of an event are few, where events come about in the order of
 * their time. A row of the very time is the only one within the horizon; only where nothing is
 * known of an event, and there is no such row, all files within the horizon are read.
 */
public final class EventSearch {
  private final LedgerTable table;
  private final long horizonMicros;
  private final FoundRows found;

  /**
   * @param horizonMicros largest distance of the event times of one event
   */
  public EventSearch(LedgerTable table, long horizonMicros) {
    this.table = table;
    this.horizonMicros = horizonMicros;
    this.found = new FoundRows(table.log());
  }

  /**
   * Is told of a version that this process put.
   *
   * @param removes files that left the table with it
   */
  public void committed(TableState state, List<DataFile> removes) {
    found.committed(state.tableId(), state.version(), removes);
  }

  /**
   * Rows of a version.
   *
   * @param atTheirTime events of which a row is to be found at their very time alone
   * @param within events of which a row is to be found at any time within the horizon
   */
  public Collection<TableRow> rows(
      TableState state, Set<EventKey> atTheirTime, Set<EventKey> within) {
    Map<RowFacts, TableRow> rows = new LinkedHashMap<>();
    Set<EventKey> open = new HashSet<>(atTheirTime);
    open.addAll(within);
    if (open.isEmpty()) {
      return rows.values();
    }
    found.follow(state.tableId(), state.version());
    open.removeIf(
        event -> {
          TableRow known = found.find(event);
          if (known != null) {
            rows.put(known.row(), known);
          }
          return known != null;
        });
    if (open.isEmpty()) {
      return rows.values();
    }
    List<DataFile> unread = new ArrayList<>(table.log().files(state, datesAround(open)));
    read(unread, open, 0, rows);
    open.retainAll(within);
    if (!open.isEmpty()) {
      read(unread, open, horizonMicros, rows);
    }
    return rows.values();
  }

  /**
   * Reads the files that may hold one of some events.
   *
   * @param unread files to look through; loses those that were read
   * @param open what is searched for; loses what was found at its very time
   * @param apart how far from its time an event may stand
   */
  private void read(
      List<DataFile> unread, Set<EventKey> open, long apart, Map<RowFacts, TableRow> rows) {
    TimeSpans times = new TimeSpans();
    Set<EventId> ids = new HashSet<>();
    for (EventKey event : open) {
      times.add(new TimeSpans.Span(event.eventMicros() - apart, event.eventMicros() + apart));
      ids.add(new EventId(event.idHigh(), event.idLow()));
    }
    List<DataFile> files = new ArrayList<>();
    unread.removeIf(file -> times.overlap(TimeSpans.ofEvents(file)) && files.add(file));
    for (DataFile file : files) {
      for (RowFacts row : table.files().rows(file)) {
        if (ids.contains(EventId.of(row))) {
          TableRow one = new TableRow(row, file);
          rows.put(row, one);
          if (open.remove(EventKey.of(row))) {
            found.put(one);
          }
        }
      }
    }
  }

  private Set<LocalDate> datesAround(Set<EventKey> events) {
    Set<LocalDate> dates = new TreeSet<>();
    for (EventKey event : events) {
      LocalDate last = date(event.eventMicros() + horizonMicros);
      for (LocalDate date = date(event.eventMicros() - horizonMicros);
          !date.isAfter(last);
          date = date.plusDays(1)) {
        dates.add(date);
      }
    }
    return dates;
  }

  private static LocalDate date(long micros) {
    return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L))
        .atZone(ZoneOffset.UTC)
        .toLocalDate();
  }
}
