package clicklake.io.landing.folder;

import clicklake.io.SourceException;
import clicklake.io.source.SourceCounters;
import java.io.IOException;
import org.apache.beam.sdk.metrics.Counter;
import org.jspecify.annotations.Nullable;

/** A file is the one that the listing showed, and cannot be read to its end. */
public final class FileBrokenException extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean damaged;

  /**
   * @param message worded by {@link LandingFailures}
   * @param damaged whether only another file in its place helps
   */
  FileBrokenException(String message, IOException cause, boolean damaged) {
    super(message, cause);
    this.damaged = damaged;
  }

  /** Whether only another file in its place helps. */
  public boolean damaged() {
    return damaged;
  }

  /** What counts it. */
  public Counter counter() {
    return damaged ? SourceCounters.FILES_DAMAGED : SourceCounters.FILES_UNREADABLE;
  }

  /** The same as the end of the job. */
  public SourceException asFailure() {
    return new SourceException(said(), getCause());
  }

  /** Operation, thing, and way out, in one line. */
  public String said() {
    @Nullable String message = getMessage();
    return message == null ? "" : message;
  }
}
