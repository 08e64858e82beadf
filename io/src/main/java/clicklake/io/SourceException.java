package clicklake.io;

import org.jspecify.annotations.Nullable;

/**
 * A source cannot be read (or a topic not written) as asked. The message is one line: the
 * operation, the thing, the way out.
 */
public final class SourceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SourceException(String message) {
    super(message);
  }

  public SourceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
