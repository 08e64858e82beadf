package clicklake.io.landing.folder;

import clicklake.io.SourceException;
import clicklake.io.storage.ObjectRefusedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileSystemException;
import java.util.Comparator;
import java.util.Optional;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.ResourceId;

/** The landing folder: what lies in it, and the way to each file. */
public abstract class LandingFolder {
  static final Comparator<LandingFile> OLDEST_FIRST =
      Comparator.comparingLong(LandingFile::modifiedMillis).thenComparing(LandingFile::path);

  /** A folder whose storage needs no properties. */
  public static LandingFolder of(String folder) {
    return of(LandingSettings.of(folder));
  }

  /**
   * The folder of these settings: one on a disk or at {@code s3://} is read directly, any other
   * through Beam's file systems.
   *
   * @throws SourceException if the name cannot be listed, or a local folder is not there
   */
  public static LandingFolder of(LandingSettings settings) {
    String folder = settings.folder();
    ResourceId root;
    try {
      if (S3Folder.isAddress(folder)) {
        return new S3Folder(folder, settings.storage());
      }
      root = FileSystems.matchNewResource(folder, true);
    } catch (IllegalArgumentException unknown) {
      throw LandingFailures.unknownFolder(folder, unknown);
    }
    return root.getScheme().equals("file") ? LocalFolder.of(folder) : new RemoteFolder(root);
  }

  /** Everything that is there now. */
  public abstract Listing list() throws IOException;

  /** The file at that path as it is now; empty if there is none. */
  public abstract Optional<LandingFile> stat(String path) throws IOException;

  /**
   * Opens exactly the file that the listing showed.
   *
   * @return a channel; what its reads throw is to be put into words by {@link #failed}
   * @throws FileChangedException if it is gone or another
   * @throws FileBrokenException if it may not be read
   */
  public abstract ReadableByteChannel open(LandingFile file) throws IOException;

  /**
   * Whether a failure to read one file concerns that file alone. It does on a disk. Over a network
   * it may be the network's failure, and says nothing about the file.
   */
  public abstract boolean failsByFile();

  /**
   * Checks that the file is still the one that the listing showed.
   *
   * @throws FileChangedException if not
   * @throws FileBrokenException if that cannot be read
   */
  public final void check(LandingFile file) throws IOException {
    Optional<LandingFile> now;
    try {
      now = stat(file.path());
    } catch (FileSystemException failure) {
      throw failsByFile() ? LandingFailures.unreadable(this, file, failure) : failure;
    } catch (ObjectRefusedException refused) {
      throw LandingFailures.refused(this, file, refused);
    }
    if (now.isEmpty()) {
      throw LandingFailures.deleted(file);
    }
    if (!same(file, now.get())) {
      throw LandingFailures.replaced(file, now.get());
    }
  }

  /** The same of a file that was just opened: closes the channel if it is another. */
  final <C extends ReadableByteChannel> C checked(C channel, LandingFile file) throws IOException {
    try {
      check(file);
      return channel;
    } catch (IOException | RuntimeException changed) {
      channel.close();
      throw changed;
    }
  }

  /** Whether a look at a path shows the file that a listing showed there. */
  boolean same(LandingFile listed, LandingFile now) {
    return listed.equals(now);
  }

  /**
   * What it means that a read of a file failed.
   *
   * @return what to throw
   * @throws FileChangedException if the file is no longer the one that the listing showed
   * @throws FileBrokenException if it may not be read any more
   */
  public final IOException failed(LandingFile file, IOException failure) throws IOException {
    check(file);
    if (failure instanceof ObjectRefusedException refused) {
      return LandingFailures.refused(this, file, refused);
    }
    if (failure instanceof FileNotFoundException) {
      throw LandingFailures.awayForAMoment(file);
    }
    return failsByFile() ? LandingFailures.failed(this, file, failure) : failure;
  }
}
