package clicklake.io.landing.folder;

import clicklake.schemas.offset.OneLine;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;

/** A landing folder that is not local, seen through Beam's file systems. */
final class RemoteFolder extends LandingFolder {
  private static final String PATTERNS = "*?[]{}\\";

  private final ResourceId root;
  private final String prefix;

  RemoteFolder(ResourceId root) {
    this.root = root;
    this.prefix = root.toString();
    if (isPattern(prefix)) {
      throw LandingFailures.patternInFolder(prefix, PATTERNS);
    }
  }

  private static boolean isPattern(String name) {
    return name.chars().anyMatch(c -> PATTERNS.indexOf(c) >= 0);
  }

  @Override
  public Listing list() throws IOException {
    String pattern = prefix + (prefix.endsWith("/") ? "**" : "/**");
    List<MatchResult.Metadata> all = match(pattern);
    if (all.isEmpty()) {
      // A store may say so of everything if one object goes while it lists them.
      all = match(pattern);
    }
    List<LandingFile> files = new ArrayList<>();
    List<Listing.Obstacle> obstacles = new ArrayList<>();
    long leftOut = 0;
    String example = null;
    for (MatchResult.Metadata found : all) {
      String name = found.resourceId().toString();
      if (found.resourceId().isDirectory() || !name.startsWith(prefix)) {
        continue;
      }
      String path = name.substring(prefix.length());
      if (!LandingFile.accepts(path)) {
        leftOut++;
        example = path;
      } else if (isPattern(path)) {
        // Beam can list such a name, but not ask for it.
        obstacles.add(
            new Listing.Obstacle(OneLine.of(path), LandingFailures.patternInName(PATTERNS), true));
      } else {
        files.add(new LandingFile(path, found.sizeBytes(), found.lastModifiedMillis()));
      }
    }
    files.sort(OLDEST_FIRST);
    return new Listing(files, obstacles, leftOut, example);
  }

  @Override
  public Optional<LandingFile> stat(String path) throws IOException {
    return match(resource(path).toString()).stream()
        .findFirst()
        .map(found -> new LandingFile(path, found.sizeBytes(), found.lastModifiedMillis()));
  }

  /**
   * What the store has under a name or a pattern; empty only if the store says that it has nothing.
   *
   * @throws IOException if it does not answer, or refuses to
   */
  private static List<MatchResult.Metadata> match(String spec) throws IOException {
    MatchResult result = FileSystems.match(spec, EmptyMatchTreatment.ALLOW);
    return result.status() == MatchResult.Status.NOT_FOUND ? List.of() : result.metadata();
  }

  @Override
  public ReadableByteChannel open(LandingFile file) throws IOException {
    ReadableByteChannel channel;
    try {
      channel = FileSystems.open(resource(file.path()));
    } catch (FileNotFoundException gone) {
      check(file);
      throw LandingFailures.unreadable(this, file, gone);
    }
    // Looked at after opening: from here on the channel reads what the look showed.
    return checked(channel, file);
  }

  @Override
  public boolean failsByFile() {
    return false;
  }

  private ResourceId resource(String path) {
    return root.resolve(path, StandardResolveOptions.RESOLVE_FILE);
  }

  @Override
  public String toString() {
    return prefix;
  }
}
