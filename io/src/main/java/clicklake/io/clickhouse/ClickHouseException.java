package clicklake.io.clickhouse;

import org.jspecify.annotations.Nullable;

/**
 * ClickHouse could not do what was asked. The message is one line: the operation, the server, the
 * way out.
 */
public final class ClickHouseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /** What helps. */
  public enum Kind {
    /** Time: the server is away, overloaded, or its disk is full. */
    PASSING,
    /** Another configuration: address, user, password, rights, certificates. */
    ACCESS,
    /** Another statement or other tables. */
    STATEMENT
  }

  ClickHouseException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What helps. */
  public Kind kind() {
    return kind;
  }

  /** Whether the same may succeed later, without anybody changing anything of ours. */
  public boolean isPassing() {
    return kind == Kind.PASSING;
  }

  /** Whether no host has the name in the address: at a start, a mistake. */
  public boolean isUnknownHost() {
    return ClickHouseFailures.isUnknownHost(getCause());
  }
}
