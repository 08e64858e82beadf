package clicklake.schemas.lake;

import clicklake.schemas.table.StorageCalls;
import clicklake.schemas.table.TableFiles;
import clicklake.schemas.table.TableLog;
import clicklake.schemas.table.TableSchema;
import java.io.Serializable;
import java.time.Clock;

/**
 * The tables of one lake. A value that says where the lake lies; it may be sent to workers. All who
 * ask for a table's log in one process share it.
 */
public interface TableStore extends Serializable {

  /** A table's log; the table need not be there yet. */
  TableLog log(TableSchema table);

  /** A table's data files. */
  TableFiles files(TableSchema table);

  /** How calls to the storage that do not depend on each other are made. */
  default StorageCalls calls() {
    return StorageCalls.IN_TURN;
  }

  /** Readers of the rows of tables. */
  TableReaders readers();

  /**
   * Writes files of derived tables.
   *
   * @param clock for the time of creation in the files' names; must be serializable
   */
  PartitionFiles writer(Clock clock);

  /**
   * Deletes the lake with all that is in it: for one that was made to compare with, and so has
   * derived tables alone.
   *
   * @throws clicklake.schemas.table.LakeException if something cannot be deleted
   * @throws IllegalStateException if the lake has records or events of its own
   */
  void delete();
}
