package clicklake.io.landing.folder;

import java.io.IOException;

/** A file is no longer the one that the listing showed. */
public final class FileChangedException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message worded by {@link LandingFailures}
   */
  FileChangedException(String message) {
    super(message);
  }
}
