package clicklake.io.landing.folder;

import clicklake.io.SourceException;
import clicklake.schemas.offset.OneLine;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A landing folder on a local or mounted disk.
 *
 * <p>Links are followed, to files and to folders; a folder that is reached from within itself is
 * not. Names are taken as UTF-8 in any locale. Only regular files are ever opened: a pipe would
 * keep its reader waiting.
 */
final class LocalFolder extends LandingFolder {
  private final Path root;
  private final String name;

  private LocalFolder(Path root, String name) {
    this.root = root;
    this.name = name;
  }

  /**
   * @param folder a path, or a URI of scheme {@code file}
   * @throws SourceException if there is no such folder
   */
  public static LocalFolder of(String folder) {
    String plain = folder.replaceFirst("^(?i:file):(//)?(?=/)", "");
    String name = plain.endsWith("/") ? plain : plain + "/";
    Path root = Utf8Names.path(plain);
    if (!Files.isDirectory(root)) {
      throw LandingFailures.noFolder(name);
    }
    return new LocalFolder(root, name);
  }

  @Override
  public Listing list() throws IOException {
    Walk walk = new Walk();
    Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, walk);
    walk.files.sort(OLDEST_FIRST);
    return new Listing(walk.files, walk.obstacles, walk.leftOut, walk.example);
  }

  @Override
  public Optional<LandingFile> stat(String path) throws IOException {
    try {
      BasicFileAttributes found =
          Files.readAttributes(Utf8Names.below(root, path), BasicFileAttributes.class);
      return found.isRegularFile() ? Optional.of(file(path, found)) : Optional.empty();
    } catch (NoSuchFileException | NotDirectoryException gone) {
      return Optional.empty();
    }
  }

  @Override
  public ReadableByteChannel open(LandingFile file) throws IOException {
    // Before, because what took the file's place may be a pipe; after, because from then on the
    // channel reads what the look showed.
    check(file);
    FileChannel channel;
    try {
      channel = FileChannel.open(Utf8Names.below(root, file.path()), StandardOpenOption.READ);
    } catch (NoSuchFileException gone) {
      throw LandingFailures.deleted(file);
    } catch (FileSystemException denied) {
      throw LandingFailures.unreadable(this, file, denied);
    }
    return checked(channel, file);
  }

  @Override
  public boolean failsByFile() {
    return true;
  }

  private static LandingFile file(String path, BasicFileAttributes found) {
    return new LandingFile(path, found.size(), found.lastModifiedTime().toMillis());
  }

  @Override
  public String toString() {
    return name;
  }

  /** One walk over the folder. */
  private final class Walk extends SimpleFileVisitor<Path> {
    final List<LandingFile> files = new ArrayList<>();
    final List<Listing.Obstacle> obstacles = new ArrayList<>();
    long leftOut;
    @Nullable String example;

    /** The names of the folders that the walk is in, each with a slash; the root's is empty. */
    private final Deque<String> folders = new ArrayDeque<>();

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      if (folders.isEmpty()) {
        folders.push("");
        return FileVisitResult.CONTINUE;
      }
      String last = Utf8Names.last(folder);
      if (last == null) {
        notUtf8(folder);
        return FileVisitResult.SKIP_SUBTREE;
      }
      if (LandingFile.hidden(last)) {
        leaveOut(last);
        return FileVisitResult.SKIP_SUBTREE;
      }
      folders.push(folders.element() + last + "/");
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException broken) {
      String path = folders.pop();
      if (broken != null) {
        obstacle(path, LandingFailures.listedInPart(broken), true);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      String last = Utf8Names.last(file);
      if (last == null) {
        // The endings are ASCII, and the name begins with a character of it or with none of ours.
        if (LandingFile.acceptsName(Utf8Names.encodedLast(file))) {
          notUtf8(file);
        } else {
          leaveOut(Utf8Names.encodedLast(file));
        }
        return FileVisitResult.CONTINUE;
      }
      if (attributes.isSymbolicLink()) {
        // The walk follows links: it shows one only if there is nothing behind it.
        if (LandingFile.hidden(last)) {
          leaveOut(last);
        } else {
          obstacle(
              path(last),
              "the link leads nowhere, or where it may not be followed; mend or remove it",
              LandingFile.acceptsName(last));
        }
      } else if (!LandingFile.acceptsName(last)) {
        leaveOut(last);
      } else if (attributes.isRegularFile()) {
        files.add(LocalFolder.file(path(last), attributes));
      } else {
        obstacle(path(last), "it is no regular file (a pipe, a socket or a device)", false);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (folders.isEmpty()) {
        throw failure;
      }
      if (failure instanceof NoSuchFileException) {
        // Deleted while the folder was listed.
        return FileVisitResult.CONTINUE;
      }
      String last = Utf8Names.last(file);
      if (last == null) {
        notUtf8(file);
      } else if (LandingFile.hidden(last)) {
        leaveOut(last);
      } else if (failure instanceof FileSystemLoopException) {
        obstacle(path(last), "the link leads back to a folder that it lies in; remove it", false);
      } else {
        obstacle(path(last), LandingFailures.notLookedAt(failure), true);
      }
      return FileVisitResult.CONTINUE;
    }

    private String path(String last) {
      return folders.element() + last;
    }

    private void notUtf8(Path path) {
      obstacle(
          path(Utf8Names.encodedLast(path)), "its name is not UTF-8; give it another name", true);
    }

    private void leaveOut(String last) {
      leftOut++;
      if (example == null) {
        example = path(last);
      }
    }

    private void obstacle(String path, String why, boolean mayHoldRecords) {
      obstacles.add(new Listing.Obstacle(OneLine.of(path), why, mayHoldRecords));
    }
  }
}
