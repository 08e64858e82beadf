package clicklake.io.landing;

import clicklake.io.SourceException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;

/** The landing folder, seen through Beam's file systems. */
final class LandingFolder {
  private static final Comparator<LandingFile> OLDEST_FIRST =
      Comparator.comparingLong(LandingFile::modifiedMillis).thenComparing(LandingFile::path);

  private final ResourceId root;
  private final String prefix;

  /**
   * @throws SourceException if the name cannot be listed, or a local folder is not there
   */
  LandingFolder(String folder) {
    if (folder.chars().anyMatch(c -> "*?[]{}\\".indexOf(c) >= 0)) {
      throw new SourceException(
          "Reading the landing folder "
              + folder
              + ": the name has a character that stands for a pattern (one of *?[]{}\\);"
              + " use a folder without it");
    }
    try {
      root = FileSystems.matchNewResource(folder, true);
    } catch (IllegalArgumentException unknown) {
      throw new SourceException(
          "Reading the landing folder "
              + folder
              + ": "
              + unknown.getMessage()
              + "; give a path, or a URI whose file system is on the class path",
          unknown);
    }
    prefix = root.toString();
    if (root.getScheme().equals("file") && !Files.isDirectory(Path.of(prefix))) {
      throw new SourceException(
          "Reading the landing folder "
              + prefix
              + ": there is no such folder; create it or correct --landing");
    }
  }

  /** Every landing file that is there now, the oldest first. */
  List<LandingFile> list() throws IOException {
    MatchResult result =
        FileSystems.match(
            prefix + (prefix.endsWith("/") ? "**" : "/**"), EmptyMatchTreatment.ALLOW);
    List<LandingFile> files = new ArrayList<>();
    if (result.status() == MatchResult.Status.OK) {
      for (MatchResult.Metadata found : result.metadata()) {
        String name = found.resourceId().toString();
        if (found.resourceId().isDirectory() || !name.startsWith(prefix)) {
          continue;
        }
        LandingFile file =
            new LandingFile(
                name.substring(prefix.length()), found.sizeBytes(), found.lastModifiedMillis());
        // A local file that goes away while it is being listed shows up with modification time 0.
        if (LandingFile.accepts(file.path()) && file.modifiedMillis() > 0) {
          files.add(file);
        }
      }
    }
    files.sort(OLDEST_FIRST);
    return files;
  }

  /** The file at that path as it is now. */
  Optional<LandingFile> stat(String path) throws IOException {
    MatchResult result = FileSystems.match(resource(path).toString(), EmptyMatchTreatment.ALLOW);
    if (result.status() != MatchResult.Status.OK || result.metadata().isEmpty()) {
      return Optional.empty();
    }
    MatchResult.Metadata found = result.metadata().get(0);
    return Optional.of(new LandingFile(path, found.sizeBytes(), found.lastModifiedMillis()));
  }

  /**
   * Opens exactly the file that the listing showed.
   *
   * @throws FileChanged if it is gone or another
   * @throws SourceException if it may not be read
   */
  ReadableByteChannel open(LandingFile file) throws IOException {
    ReadableByteChannel channel;
    try {
      channel = FileSystems.open(resource(file.path()));
    } catch (FileNotFoundException | NoSuchFileException gone) {
      // Java's streams say "not found" of a file that may not be read, too.
      check(file);
      throw new SourceException(
          "Reading landing file "
              + file.path()
              + ": it is there and cannot be opened ("
              + gone.getMessage()
              + "); give the user that runs Clicklake read access to it",
          gone);
    }
    // Looked at after opening: from here on the channel reads what the look showed.
    try {
      check(file);
      return channel;
    } catch (IOException | RuntimeException changed) {
      channel.close();
      throw changed;
    }
  }

  /**
   * Checks that the file is still the one that the listing showed.
   *
   * @throws FileChanged if not
   */
  void check(LandingFile file) throws IOException {
    Optional<LandingFile> now = stat(file.path());
    if (now.isEmpty()) {
      throw new FileChanged(file, "was deleted");
    }
    if (!now.get().equals(file)) {
      throw new FileChanged(
          file, "was replaced (it was " + file.identity() + ", is " + now.get().identity() + ")");
    }
  }

  private ResourceId resource(String path) {
    return root.resolve(path, StandardResolveOptions.RESOLVE_FILE);
  }

  @Override
  public String toString() {
    return prefix;
  }
}
