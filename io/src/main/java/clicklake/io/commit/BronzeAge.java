package clicklake.io.commit;

import clicklake.schemas.table.TableLog.TableState;

/**
 * The newest version of silver of which it is known that bronze, as this process knows it, is not
 * older than the bronze that decided it. Shared by all committers of a process for one lake.
 */
public final class BronzeAge {
  private String silverId = "";
  private long silverVersion = -1;

  /** Whether bronze is known as far as this version of silver needs. */
  synchronized boolean reaches(TableState silver) {
    return silverId.equals(silver.tableId()) && silver.version() <= silverVersion;
  }

  /** Notes that it is. */
  synchronized void note(TableState silver) {
    if (!reaches(silver)) {
      silverId = silver.tableId();
      silverVersion = silver.version();
    }
  }
}
