package clicklake.io.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.schemas.table.LakeException;
import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import io.delta.kernel.defaults.engine.fileio.SeekableInputStream;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFilesTest {
  @TempDir Path folder;
  private final LocalFiles files = new LocalFiles(true);

  private static CloseableIterator<String> lines(String... lines) {
    return Utils.toCloseableIterator(Arrays.asList(lines).iterator());
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private List<String> names() throws IOException {
    try (var names = Files.list(folder)) {
      return names.map(name -> name.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFileThatIsThereIsNotReplaced() throws IOException {
    files.newOutputFile(path("a")).writeAtomically(lines("one", "two"), false);

    assertThatThrownBy(() -> files.newOutputFile(path("a")).writeAtomically(lines("x"), false))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(Files.readString(folder.resolve("a"))).isEqualTo("one\ntwo\n");
    files.newOutputFile(path("a")).writeAtomically(lines("new"), true);
    assertThat(Files.readString(folder.resolve("a"))).isEqualTo("new\n");
    assertThat(names()).containsExactly("a");
  }

  @Test
  void ofManyWritersOfOneNameExactlyOneWins() throws Exception {
    int writers = 8;
    ExecutorService pool = Executors.newFixedThreadPool(writers);
    CyclicBarrier start = new CyclicBarrier(writers);
    for (int round = 0; round < 25; round++) {
      String path = path("r" + round);
      List<Future<Boolean>> wins = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        String content = "writer " + w;
        Callable<Boolean> put =
            () -> {
              start.await();
              try {
                files.newOutputFile(path).writeAtomically(lines(content), false);
                return true;
              } catch (FileAlreadyExistsException e) {
                return false;
              }
            };
        wins.add(pool.submit(put));
      }
      List<Integer> winners = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        if (wins.get(w).get()) {
          winners.add(w);
        }
      }
      assertThat(winners).hasSize(1);
      assertThat(Files.readString(Path.of(path))).isEqualTo("writer " + winners.get(0) + "\n");
    }
    pool.shutdown();
  }

  @Test
  void aListingStartsAtTheNameAndIsSorted() throws IOException {
    for (String name : List.of("c", "a", "d", "b")) {
      Files.writeString(folder.resolve(name), name + name);
    }
    List<String> found = new ArrayList<>();
    try (CloseableIterator<FileStatus> listing = files.listFrom(path("b"))) {
      while (listing.hasNext()) {
        FileStatus status = listing.next();
        assertThat(status.getSize()).isEqualTo(2);
        found.add(status.getPath());
      }
    }

    assertThat(found).containsExactly(path("b"), path("c"), path("d"));
    assertThatThrownBy(() -> files.listFrom(path("missing/x")))
        .isInstanceOf(FileNotFoundException.class);
  }

  @Test
  void streamsSeekAndReadAcrossTheirBuffer() throws IOException {
    byte[] content = new byte[300_000];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) ((i * 31) >> 3);
    }
    try (PositionOutputStream out = files.newOutputFile(path("f")).create(false)) {
      out.write(content[0]);
      out.write(content, 1, 200_000);
      out.write(content, 200_001, 99_999);
      assertThat(out.getPos()).isEqualTo(content.length);
    }
    try (SeekableInputStream in = files.newInputFile(path("f"), -1).newStream()) {
      for (int at : new int[] {0, 65_530, 65_536, 100, 299_990, 70_000}) {
        in.seek(at);
        assertThat(in.getPos()).isEqualTo(at);
        byte[] read = new byte[Math.min(100_000, content.length - at)];
        in.readFully(read, 0, read.length);
        assertThat(read).isEqualTo(Arrays.copyOfRange(content, at, at + read.length));
        assertThat(in.getPos()).isEqualTo(at + read.length);
      }
      in.seek(content.length - 2);
      assertThat(in.read()).isEqualTo(content[content.length - 2] & 0xFF);
      assertThatThrownBy(() -> in.readFully(new byte[5], 0, 5)).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void anAtomicParquetFileWithoutItsEndNeverShows() throws IOException {
    try (PositionOutputStream out = files.newOutputFile(path("c.parquet")).create(true)) {
      out.write("PAR1 half".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(names()).isEmpty();
    try (PositionOutputStream out = files.newOutputFile(path("c.parquet")).create(true)) {
      out.write("PAR1 all PAR1".getBytes(StandardCharsets.UTF_8));
      assertThat(Files.exists(folder.resolve("c.parquet"))).isFalse();
    }
    assertThat(names()).containsExactly("c.parquet");
  }

  @Test
  void aFullDiskIsSaidInOneLine() {
    LakeException failure =
        StorageFailures.of(
            "write", "/lake/x", new RuntimeException(new IOException("No space left on device")));

    assertThat(failure)
        .hasMessage(
            "cannot write /lake/x: the disk is full; free some space and start again, nothing is"
                + " lost");
  }
}
