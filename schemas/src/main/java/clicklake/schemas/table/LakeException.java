package clicklake.schemas.table;

import org.jspecify.annotations.Nullable;

/**
 * The lake could not do what was asked of it. The message names the operation, the thing and the
 * way out, in one line.
 */
public class LakeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LakeException(String message) {
    super(message);
  }

  public LakeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
