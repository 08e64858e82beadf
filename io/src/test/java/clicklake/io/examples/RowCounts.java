package clicklake.io.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.LakeException;
import clicklake.schemas.table.TableFiles;
import clicklake.schemas.table.TableLog;
import clicklake.schemas.table.TableLog.LogCommit;
import clicklake.schemas.table.TableLog.TableState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How to add a sink that follows a table, by example: how many rows a table has at each version, a
 * line each, in a local file.
 *
 * <p>A line is {@code <table id>:<version> <rows>}. The checkpoint is written together with the
 * result, because it is the beginning of the same line: the last whole line says where to go on. A
 * line without its end was cut off by a crash; it is dropped, and its version comes again. So every
 * version is counted exactly once, however often the sink is stopped or killed. One process at a
 * time may write the file.
 *
 * <p>It is shown the commits one by one, because each has a line; a sink that only wants to be up
 * to date takes them together, as {@code TableChanges}.
 */
final class RowCounts {
  private final TableLog log;
  private final TableFiles files;
  private final Path output;

  /** What a line says. */
  private record Line(String table, long version, long rows) {
    static Line parse(String text) {
      int colon = text.lastIndexOf(':');
      int space = text.lastIndexOf(' ');
      return new Line(
          text.substring(0, colon),
          Long.parseLong(text.substring(colon + 1, space)),
          Long.parseLong(text.substring(space + 1)));
    }

    String text() {
      return table + ":" + version + " " + rows + "\n";
    }
  }

  RowCounts(TableLog log, TableFiles files, Path output) {
    this.log = log;
    this.files = files;
    this.output = output;
  }

  /**
   * Brings the file up to the table's newest version.
   *
   * @throws LakeException if the table cannot be read
   */
  void refresh() {
    Optional<TableState> newest = log.newest();
    if (newest.isEmpty()) {
      return;
    }
    TableState state = newest.get();
    Optional<Line> last = last().filter(line -> line.table().equals(state.tableId()));
    if (last.isPresent() && last.get().version() >= state.version()) {
      return;
    }
    AtomicReference<Line> done =
        new AtomicReference<>(last.orElse(new Line(state.tableId(), -1, 0)));
    boolean complete =
        log.showCommits(
            done.get().version(),
            state.version(),
            commit -> {
              done.set(next(done.get(), commit));
              append(done.get());
              return true;
            });
    if (!complete) {
      // The log no longer goes back to the checkpoint: what lies between has no line.
      append(recount(state.tableId(), state.version()));
    }
  }

  private Line next(Line before, LogCommit commit) {
    if (!commit.removes().isEmpty()) {
      // A rewrite: what it adds is partly what it removes.
      return recount(before.table(), commit.version());
    }
    long added = commit.adds().stream().mapToLong(files::countRows).sum();
    return new Line(before.table(), commit.version(), before.rows() + added);
  }

  private Line recount(String table, long version) {
    long rows = 0;
    for (DataFile file : log.files(new TableState(table, version, Map.of()), null)) {
      rows += files.countRows(file);
    }
    return new Line(table, version, rows);
  }

  /** The last line that is whole; what stands behind it is cut off. */
  private Optional<Line> last() {
    try {
      if (Files.notExists(output)) {
        return Optional.empty();
      }
      String text = Files.readString(output, UTF_8);
      int end = text.lastIndexOf('\n') + 1;
      if (end < text.length()) {
        try (FileChannel file = FileChannel.open(output, StandardOpenOption.WRITE)) {
          file.truncate(end);
        }
      }
      return text.substring(0, end).lines().reduce((first, second) -> second).map(Line::parse);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void append(Line line) {
    try {
      Files.writeString(
          output,
          line.text(),
          UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND,
          StandardOpenOption.SYNC);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
