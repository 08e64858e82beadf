package clicklake.schemas.lake;

import java.io.Serializable;

/** Reads the tables of a lake. */
@FunctionalInterface
public interface TableReaders extends Serializable {

  /** Reads files of a table. */
  TableReader of(String table);
}
