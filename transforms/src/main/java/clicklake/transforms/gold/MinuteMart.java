package clicklake.transforms.gold;

import clicklake.schemas.contract.Action;
import clicklake.schemas.lake.RowSink;
import clicklake.schemas.table.TableSchema;
import clicklake.schemas.table.Tables;

/** The gold tables whose rows are about one minute of event time, keyed by its start. */
public enum MinuteMart implements Mart<Long, MinuteSummary> {
  /** Unique events per minute and action; an action that did not happen has no row. */
  EVENTS(Tables.EVENTS_PER_MINUTE) {
    @Override
    public void rows(Long minute, MinuteSummary summary, RowSink out) {
      for (Action action : Action.values()) {
        long count = summary.events(action);
        if (count > 0) {
          out.row(minute, minute + MinuteSummary.MINUTE_MICROS, action.text(), count);
        }
      }
    }
  },

  /** Distinct users per minute, with the sketch that they are counted by. */
  ACTIVE_USERS(Tables.ACTIVE_USERS_PER_MINUTE) {
    @Override
    public void rows(Long minute, MinuteSummary summary, RowSink out) {
      out.row(
          minute, minute + MinuteSummary.MINUTE_MICROS, summary.activeUsers(), summary.sketch());
    }
  };

  @SuppressWarnings("ImmutableEnumChecker") // a record of lists that are copied
  private final TableSchema table;

  MinuteMart(TableSchema table) {
    this.table = table;
  }

  @Override
  public TableSchema table() {
    return table;
  }
}
