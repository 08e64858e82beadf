package clicklake.transforms.gold.table;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.EventTables;
import clicklake.schemas.table.LakeException;

/** The wording of what can go wrong with gold: operation or thing, cause and way out. */
public final class GoldFailures {
  private static final String REMOVE_IT = "; remove the table, gold rebuilds it";

  private GoldFailures() {}

  /** Silver holds an action that was added to the contract later. */
  static CorruptTableException unknownAction(String action) {
    return new CorruptTableException(
        "cannot count "
            + EventTables.SILVER_EVENTS
            + ": it holds action "
            + action
            + ", which this version of Clicklake does not know; use the version that wrote it");
  }

  /** A file of a table that is partitioned by date has none. */
  public static CorruptTableException noDate(DataFile file) {
    return new CorruptTableException(
        EventTables.SILVER_EVENTS
            + ": "
            + file.path()
            + " has no event_date, so Clicklake did not write it; undo the commit that added it");
  }

  /** A column holds no JSON array of texts. */
  public static CorruptTableException notNames(GoldTable table, String column, Throwable cause) {
    return new CorruptTableException(
        table + "." + column + " is no JSON array of texts" + REMOVE_IT, cause);
  }

  /** A table's source versions are not JSON. */
  public static CorruptTableException sourcesNotJson(String table, Throwable cause) {
    return new CorruptTableException(
        table + ": its source versions are not JSON" + REMOVE_IT, cause);
  }

  /** A table's source versions do not name silver. */
  public static CorruptTableException sourcesWithoutSilver(String table) {
    return new CorruptTableException(
        table
            + ": its source versions do not name "
            + EventTables.SILVER_EVENTS.path()
            + REMOVE_IT);
  }

  /** A table's source versions are those of a later version of Clicklake. */
  public static CorruptTableException unknownFormat(String table, String format) {
    return new CorruptTableException(
        table
            + ": its source versions have format "
            + format
            + ", which this version of Clicklake does not know; use the version that wrote it");
  }

  /** A table that is to be compared is not there. */
  public static CorruptTableException gone(GoldTable table) {
    return new CorruptTableException(table + ": the table is gone");
  }

  /** Other writers were quicker each time. */
  public static LakeException neverCommitted(String table, int attempts) {
    return new LakeException(
        "cannot commit to "
            + table
            + ": another writer did, "
            + attempts
            + " times in a row; stop other writers of this table and start the job again");
  }
}
