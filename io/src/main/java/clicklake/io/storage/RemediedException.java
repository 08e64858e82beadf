package clicklake.io.storage;

import java.io.IOException;

/** A failure of an object store whose message already says what to do. */
public class RemediedException extends IOException {
  private static final long serialVersionUID = 1L;

  RemediedException(String message, Throwable cause) {
    super(message, cause);
  }
}
