package clicklake.io.storage;

import clicklake.schemas.fault.FailPoint;
import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import io.delta.kernel.defaults.engine.fileio.SeekableInputStream;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A local disk for Delta Kernel.
 *
 * <p>Puts a file if it is absent by writing a hidden temporary file beside it and giving that its
 * name with link(2), which fails if the name exists: of any number of writers, on one machine or
 * over a network file system with atomic links, exactly one wins, and nobody ever sees half a file.
 * Who won is told by what the name leads to, not by what link(2) returned: a network file system
 * answers that the name exists when the answer to the first request was lost and the client asked
 * again. The stock log store renames instead, and loses commits under concurrency.
 *
 * <p>Listing from a name sorts the names of the directory and asks for attributes only of those at
 * or after it.
 */
public class LocalFiles implements LakeFiles {
  private static final int BUFFER = 1 << 16;
  private static final Pattern TEMPORARY =
      Pattern.compile("\\..+\\.\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}\\.tmp");

  private final boolean sync;

  /**
   * @param sync whether a file is forced to the disk before its name shows; without it a power
   *     failure, though no crash of the process, may leave a name without its content
   */
  public LocalFiles(boolean sync) {
    this.sync = sync;
  }

  /** The local path of a plain path or a {@code file:} URI. */
  static Path path(String path) {
    if (path.startsWith("file:")) {
      String rest = path.substring("file:".length());
      return Path.of(rest.startsWith("//") ? rest.substring(2) : rest);
    }
    return Path.of(path);
  }

  @Override
  public CloseableIterator<FileStatus> listFrom(String filePath) throws IOException {
    Path from = path(filePath);
    Path folder = from.getParent();
    String first = from.getFileName().toString();
    String[] names = folder.toFile().list();
    if (names == null) {
      if (Files.notExists(folder)) {
        throw new FileNotFoundException(folder.toString());
      }
      // Says why: not a folder, no access, …
      Files.newDirectoryStream(folder).close();
      throw new IOException("cannot list " + folder);
    }
    String[] tail =
        Arrays.stream(names)
            .filter(name -> name.compareTo(first) >= 0)
            .sorted()
            .toArray(String[]::new);
    Iterator<String> left = Arrays.asList(tail).iterator();
    return new CloseableIterator<>() {
      private @Nullable FileStatus next;

      @Override
      public boolean hasNext() {
        while (next == null && left.hasNext()) {
          try {
            next = status(folder.resolve(left.next()));
          } catch (NoSuchFileException e) {
            next = null; // deleted since the listing, as temporary files are
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
        return next != null;
      }

      @Override
      public FileStatus next() {
        if (!hasNext() || next == null) {
          throw new java.util.NoSuchElementException();
        }
        FileStatus result = next;
        next = null;
        return result;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public FileStatus getFileStatus(String path) throws IOException {
    try {
      return status(path(path));
    } catch (NoSuchFileException e) {
      throw missing(path, e);
    }
  }

  private static FileStatus status(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return FileStatus.of(
        file.toString(), attributes.size(), attributes.lastModifiedTime().toMillis());
  }

  private static FileNotFoundException missing(String path, NoSuchFileException cause) {
    FileNotFoundException missing = new FileNotFoundException(path);
    missing.initCause(cause);
    return missing;
  }

  @Override
  public String resolvePath(String path) {
    return path(path).toAbsolutePath().normalize().toString();
  }

  @Override
  public boolean mkdirs(String path) throws IOException {
    Files.createDirectories(path(path));
    return true;
  }

  @Override
  public boolean delete(String path) throws IOException {
    return Files.deleteIfExists(path(path));
  }

  @Override
  public void deleteFolder(String path) throws IOException {
    Path folder = path(path);
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public Optional<String> getConf(String key) {
    return Optional.empty();
  }

  @Override
  public void copyFileAtomically(String source, String target, boolean overwrite)
      throws IOException {
    Path to = path(target);
    Path temporary = temporary(to);
    try {
      Files.copy(path(source), temporary);
      publish(temporary, to, overwrite);
    } catch (NoSuchFileException e) {
      throw missing(source, e);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  @Override
  public InputFile newInputFile(String path, long size) {
    Path file = path(path);
    return new InputFile() {
      @Override
      public long length() throws IOException {
        return size >= 0 ? size : Files.size(file);
      }

      @Override
      public String path() {
        return path;
      }

      @Override
      public SeekableInputStream newStream() throws IOException {
        try {
          return new Input(FileChannel.open(file, StandardOpenOption.READ));
        } catch (NoSuchFileException e) {
          throw missing(path, e);
        }
      }
    };
  }

  @Override
  public OutputFile newOutputFile(String path) {
    Path file = path(path);
    return new OutputFile() {
      @Override
      public String path() {
        return path;
      }

      @Override
      public PositionOutputStream create(boolean atomic) throws IOException {
        try {
          return open(atomic);
        } catch (NoSuchFileException e) {
          // Most files are not the first of their folder: nobody asks before.
          Files.createDirectories(file.toAbsolutePath().getParent());
          return open(atomic);
        }
      }

      private Output open(boolean atomic) throws IOException {
        return atomic ? new Output(temporary(file), file) : new Output(file, null);
      }

      @Override
      public void writeAtomically(CloseableIterator<String> lines, boolean overwrite)
          throws IOException {
        // Nearly every conflict is already there; do not write the file for nothing.
        if (!overwrite && Files.exists(file)) {
          throw new FileAlreadyExistsException(path);
        }
        Path temporary = temporary(file);
        try (lines) {
          write(temporary, lines);
          publish(temporary, file, overwrite);
        } finally {
          Files.deleteIfExists(temporary);
        }
      }
    };
  }

  private void write(Path temporary, Iterator<String> lines) throws IOException {
    try (FileChannel channel =
            FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        OutputStream out =
            new BufferedOutputStream(java.nio.channels.Channels.newOutputStream(channel), BUFFER)) {
      while (lines.hasNext()) {
        out.write(lines.next().getBytes(StandardCharsets.UTF_8));
        out.write('\n');
      }
      out.flush();
      if (sync) {
        channel.force(true);
      }
    }
  }

  private void publish(Path temporary, Path file, boolean overwrite) throws IOException {
    if (overwrite) {
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } else {
      try {
        link(file, temporary);
      } catch (FileAlreadyExistsException e) {
        // If this look fails, nobody knows whose the name is: not a conflict, but a failure in
        // doubt.
        if (!Files.isSameFile(file, temporary)) {
          throw e;
        }
      }
    }
    if (sync) {
      syncFolder(file);
    }
  }

  /** Gives a file a second name, unless there is a file of that name. */
  public void link(Path name, Path file) throws IOException {
    Files.createLink(name, file);
  }

  /** Makes a new name survive a power failure. */
  private static void syncFolder(Path file) throws IOException {
    try (FileChannel folder =
        FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  /** Hidden from every reader of a log by its leading dot. */
  private static Path temporary(Path file) {
    return file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
  }

  /**
   * Whether a file of that name was left behind by a writer that was killed, or is being written.
   */
  public static boolean isTemporary(String name) {
    return TEMPORARY.matcher(name).matches();
  }

  private static final class Input extends SeekableInputStream {
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).limit(0);

    /** Position in the file of the buffer's end. */
    private long bufferEnd;

    Input(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public long getPos() {
      return bufferEnd - buffer.remaining();
    }

    @Override
    public void seek(long position) {
      long back = bufferEnd - position;
      if (back >= 0 && back <= buffer.limit()) {
        buffer.position(buffer.limit() - (int) back);
      } else {
        buffer.position(0).limit(0);
        bufferEnd = position;
      }
    }

    private boolean fill() throws IOException {
      buffer.clear();
      int read = channel.read(buffer, bufferEnd);
      buffer.flip();
      if (read <= 0) {
        buffer.position(0).limit(0);
        return false;
      }
      bufferEnd += read;
      return true;
    }

    @Override
    public int read() throws IOException {
      return buffer.hasRemaining() || fill() ? buffer.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int start, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!buffer.hasRemaining()) {
        if (length >= BUFFER) {
          int read = channel.read(ByteBuffer.wrap(target, start, length), bufferEnd);
          buffer.position(0).limit(0);
          bufferEnd += Math.max(0, read);
          return read;
        }
        if (!fill()) {
          return -1;
        }
      }
      int count = Math.min(length, buffer.remaining());
      buffer.get(target, start, count);
      return count;
    }

    @Override
    public void readFully(byte[] target, int start, int length) throws IOException {
      int done = 0;
      while (done < length) {
        int read = read(target, start + done, length - done);
        if (read < 0) {
          throw new EOFException("end of file after " + done + " of " + length + " bytes");
        }
        done += read;
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private final class Output extends PositionOutputStream {
    private final Path written;
    private final @Nullable Path target;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private final byte[] lastFour = new byte[4];
    private long position;
    private boolean closed;

    /**
     * @param written the file to write
     * @param target the name to give it when closed; null if it has its name already
     */
    Output(Path written, @Nullable Path target) throws IOException {
      this.written = written;
      this.target = target;
      this.channel =
          // Names are given once: a file that is there is not ours to cut short.
          FileChannel.open(written, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] source, int start, int length) throws IOException {
      if (length > buffer.remaining()) {
        drain();
      }
      if (length > buffer.remaining()) {
        ByteBuffer whole = ByteBuffer.wrap(source, start, length);
        while (whole.hasRemaining()) {
          channel.write(whole);
        }
      } else {
        buffer.put(source, start, length);
      }
      for (int i = Math.max(0, length - 4); i < length; i++) {
        System.arraycopy(lastFour, 1, lastFour, 0, 3);
        lastFour[3] = source[start + i];
      }
      position += length;
    }

    @Override
    public void flush() throws IOException {
      drain();
    }

    private void drain() throws IOException {
      buffer.flip();
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      buffer.clear();
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      try {
        try (channel) {
          drain();
          if (sync) {
            channel.force(true);
          }
        }
        if (target != null) {
          publishWhole(target);
        } else if (sync) {
          syncFolder(written);
        }
      } finally {
        if (target != null) {
          // Published, it has another name by now.
          Files.deleteIfExists(written);
        }
      }
    }

    private void publishWhole(Path name) throws IOException {
      // A Parquet writer that failed closes its stream too, without a footer: such a file must not
      // become a checkpoint.
      if (name.toString().endsWith(".parquet")
          && !Arrays.equals(lastFour, new byte[] {'P', 'A', 'R', '1'})) {
        return;
      }
      if (name.toString().contains(".checkpoint.")) {
        FailPoint.LOG_CHECKPOINT.reach();
      }
      publish(written, name, true);
    }
  }
}
