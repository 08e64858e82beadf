package clicklake.io.landing;

import clicklake.schemas.offset.OneLine;
import java.io.IOException;

/** A file is no longer the one that the listing showed. */
final class FileChanged extends IOException {
  private static final long serialVersionUID = 1L;

  FileChanged(LandingFile file, String how) {
    super(OneLine.of(file.path()) + " " + how);
  }
}
