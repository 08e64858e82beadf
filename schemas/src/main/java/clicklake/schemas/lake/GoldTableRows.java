package clicklake.schemas.lake;

import java.io.Serializable;

/** Reads the tables of a lake. */
@FunctionalInterface
public interface GoldTableRows extends Serializable {

  /** Reads files of a table. */
  TableRows of(String table);
}
