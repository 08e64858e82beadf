package clicklake.io.landing.folder;

import clicklake.io.SourceException;
import clicklake.io.storage.ObjectRefusedException;
import clicklake.io.storage.RemediedException;
import clicklake.schemas.offset.OneLine;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/** The wording of what can go wrong with a landing folder: operation, thing and way out. */
public final class LandingFailures {
  private LandingFailures() {}

  /** The folder's name means nothing to any file system. */
  static SourceException unknownFolder(String folder, IllegalArgumentException cause) {
    return new SourceException(
        "Reading the landing folder "
            + folder
            + ": "
            + cause.getMessage()
            + "; give a path, or a URI whose file system is on the class path",
        cause);
  }

  /** A local folder is not there. */
  static SourceException noFolder(String name) {
    return new SourceException(
        "Reading the landing folder "
            + name
            + ": there is no such folder; create it or correct --landing"
            + (name.indexOf('\uFFFD') < 0
                ? ""
                : " (the locale cannot spell the name: set LC_ALL=C.UTF-8)"));
  }

  /** Beam takes the folder's name for a pattern. */
  static SourceException patternInFolder(String folder, String patterns) {
    return new SourceException(
        "Reading the landing folder "
            + folder
            + ": the name has a character that stands for a pattern (one of "
            + patterns
            + "); use a folder without it");
  }

  public static SourceException notListed(LandingFolder folder, IOException cause) {
    return new SourceException(
        "Listing the landing folder "
            + folder
            + ": "
            + (cause instanceof RemediedException remedied
                ? remedied.getMessage()
                : cause + "; check that it can be read"),
        cause);
  }

  /** What is said of an obstacle, as the end of the job or in its log. */
  public static String obstacle(LandingFolder folder, Listing.Obstacle obstacle) {
    return "Reading "
        + obstacle.name()
        + " in the landing folder "
        + folder
        + ": "
        + obstacle.why();
  }

  /** Why a name that Beam takes for a pattern is an obstacle. */
  static String patternInName(String patterns) {
    return "its name has a character that stands for a pattern (one of "
        + patterns
        + "); give it another name";
  }

  /** Why something that cannot be looked at is an obstacle. */
  static String notLookedAt(IOException cause) {
    return "it cannot be looked at (" + why(cause) + "); " + wayOut(cause);
  }

  /** Why a folder that was not listed to its end is an obstacle. */
  static String listedInPart(IOException cause) {
    return "the folder could be listed only in part (" + why(cause) + ")";
  }

  static FileChangedException deleted(LandingFile file) {
    return new FileChangedException(OneLine.of(file.path()) + " was deleted");
  }

  static FileChangedException awayForAMoment(LandingFile file) {
    return new FileChangedException(
        OneLine.of(file.path()) + " was not there, or was another, for a moment");
  }

  static FileChangedException replaced(LandingFile file, LandingFile now) {
    return new FileChangedException(
        OneLine.of(file.path())
            + " was replaced (it was "
            + file.identity()
            + ", is "
            + now.identity()
            + ")");
  }

  public static FileChangedException endedEarly(LandingFile file, long missingBytes) {
    return new FileChangedException(
        OneLine.of(file.path()) + " ended " + missingBytes + " bytes before its size");
  }

  /** What the file holds is no whole compressed stream. */
  public static FileBrokenException damaged(
      LandingFolder folder, LandingFile file, IOException cause) {
    return new FileBrokenException(
        reading(folder, file)
            + "the compressed data is damaged or cut off"
            + (cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")")
            + "; replace the file with a whole one or take it out of the landing folder",
        cause,
        true);
  }

  /** The file may not be opened. */
  static FileBrokenException unreadable(LandingFolder folder, LandingFile file, IOException cause) {
    return new FileBrokenException(
        reading(folder, file)
            + "it is there and cannot be opened ("
            + why(cause)
            + "); "
            + wayOut(cause),
        cause,
        false);
  }

  /** The store has the object and does not give it. */
  static FileBrokenException refused(
      LandingFolder folder, LandingFile file, ObjectRefusedException cause) {
    return new FileBrokenException(reading(folder, file) + cause.getMessage(), cause, false);
  }

  /** The disk does not give what the file holds. */
  static FileBrokenException failed(LandingFolder folder, LandingFile file, IOException cause) {
    return new FileBrokenException(
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
  private static String why(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    String reason =
        failure instanceof FileSystemException of ? of.getReason() : failure.getMessage();
    return reason == null ? failure.getClass().getSimpleName() : reason;
  }

  /** What helps where something is there and cannot be opened. */
  private static String wayOut(IOException failure) {
    return failure instanceof AccessDeniedException
        ? "give the user that runs Clicklake read access to it"
        : "look at the disk and the limits of the process";
  }
}
