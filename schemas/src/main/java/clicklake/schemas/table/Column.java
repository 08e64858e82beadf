package clicklake.schemas.table;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * A column of a table.
 *
 * @param name as the table spells it
 * @param type its type
 * @param nullable whether a row may lack it
 * @param statistics whether files keep its minimum, maximum and null count; readers prune by them
 * @param comment what it holds, in one line
 */
public record Column(String name, Type type, boolean nullable, boolean statistics, String comment)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The types that the lake's tables use. */
  public enum Type {
    STRING,
    /** 32 bits. */
    INT,
    /** 64 bits. */
    LONG,
    DOUBLE,
    BOOLEAN,
    BINARY,
    /** Microseconds since 1970, UTC. */
    TIMESTAMP,
    /** Days since 1970. */
    DATE,
    /** decimal(18,4), kept as a 64-bit number of ten-thousandths. */
    PRICE
  }

  public Column {
    requireNonNull(name, "name");
    requireNonNull(type, "type");
    requireNonNull(comment, "comment");
  }
}
