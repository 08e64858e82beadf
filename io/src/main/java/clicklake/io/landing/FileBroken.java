package clicklake.io.landing;

import clicklake.io.SourceException;
import clicklake.io.source.SourceCounters;
import clicklake.schemas.offset.OneLine;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import org.apache.beam.sdk.metrics.Counter;
import org.jspecify.annotations.Nullable;

/** A file is the one that the listing showed, and cannot be read to its end. */
final class FileBroken extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean damaged;

  private FileBroken(String message, IOException cause, boolean damaged) {
    super(message, cause);
    this.damaged = damaged;
  }

  /** What the file holds is no whole compressed stream. */
  static FileBroken damaged(LandingFolder folder, LandingFile file, IOException cause) {
    return new FileBroken(
        reading(folder, file)
            + "the compressed data is damaged or cut off"
            + (cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")")
            + "; replace the file with a whole one or take it out of the landing folder",
        cause,
        true);
  }

  /** The file may not be opened. */
  static FileBroken unreadable(LandingFolder folder, LandingFile file, IOException cause) {
    return new FileBroken(
        reading(folder, file)
            + "it is there and cannot be opened ("
            + why(cause)
            + "); "
            + wayOut(cause),
        cause,
        false);
  }

  /** The disk does not give what the file holds. */
  static FileBroken failed(LandingFolder folder, LandingFile file, IOException cause) {
    return new FileBroken(
        reading(folder, file)
            + "it cannot be read ("
            + why(cause)
            + "); look at the disk, or take the file out of the landing folder",
        cause,
        false);
  }

  private static String reading(LandingFolder folder, LandingFile file) {
    return "Reading landing file " + OneLine.of(file.path()) + " in " + folder + ": ";
  }

  /** A failure in a few words, without the path that it concerns. */
  static String why(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    String reason =
        failure instanceof FileSystemException of ? of.getReason() : failure.getMessage();
    return reason == null ? failure.getClass().getSimpleName() : reason;
  }

  /** What helps where something is there and cannot be opened. */
  static String wayOut(IOException failure) {
    return failure instanceof AccessDeniedException
        ? "give the user that runs Clicklake read access to it"
        : "look at the disk and the limits of the process";
  }

  /** Whether only another file in its place helps. */
  boolean damaged() {
    return damaged;
  }

  /** What counts it. */
  Counter counter() {
    return damaged ? SourceCounters.FILES_DAMAGED : SourceCounters.FILES_UNREADABLE;
  }

  /** The same as the end of the job. */
  SourceException asFailure() {
    return new SourceException(said(), getCause());
  }

  /** Operation, thing, and way out, in one line. */
  String said() {
    @Nullable String message = getMessage();
    return message == null ? "" : message;
  }
}
