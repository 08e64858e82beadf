package clicklake.io.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.io.testing.ObjectStore;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.table.LakeException;
import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import io.delta.kernel.defaults.engine.fileio.SeekableInputStream;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class S3FilesTest {
  private final ObjectStore store = ObjectStore.shared();
  private final S3Files files = new S3Files(store.settings());
  private final String bucket = store.newBucket();
  private final String folder = "s3://" + bucket + "/a lake/t%able/é";

  private static CloseableIterator<String> lines(String... lines) {
    return Utils.toCloseableIterator(Arrays.asList(lines).iterator());
  }

  private byte[] write(String path, int size) throws IOException {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    try (PositionOutputStream out = files.newOutputFile(path).create(false)) {
      out.write(content[0]);
      out.write(content, 1, size - 1);
      assertThat(out.getPos()).isEqualTo(size);
    }
    return content;
  }

  @Test
  void aPutIsSeenByAnybodyAndItsNameIsTaken() throws IOException {
    String path = folder + "/_delta_log/00000000000000000001.json";

    Optional<FileStatus> put = files.putIfAbsent(path, lines("one", "zwölf"));

    assertThat(put.orElseThrow().getSize()).isEqualTo(11);
    assertThat(new S3Files(store.settings()).putIfAbsent(path, lines("other"))).isEmpty();
    S3Files stranger = new S3Files(store.settings());
    try (SeekableInputStream in = stranger.newInputFile(path, -1).newStream()) {
      byte[] content = new byte[11];
      in.readFully(content, 0, 11);
      assertThat(content)
          .isEqualTo("one\nzwölf\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void aSecondPutOfTheVerySameContentIsTheFirst() throws IOException {
    String path = folder + "/_delta_log/00000000000000000002.json";
    files.putIfAbsent(path, lines("ours"));

    assertThat(new S3Files(store.settings()).putIfAbsent(path, lines("ours"))).isPresent();
  }

  @Test
  void ofManyWritersOfOneNameOneWins() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 20; round++) {
        String path = folder + "/_delta_log/%020d.json".formatted(100 + round);
        List<Callable<Boolean>> puts = new ArrayList<>();
        for (int writer = 0; writer < 8; writer++) {
          String content = "writer " + writer;
          S3Files own = new S3Files(store.settings());
          puts.add(() -> own.putIfAbsent(path, lines(content)).isPresent());
        }
        int winners = 0;
        for (Future<Boolean> put : threads.invokeAll(puts)) {
          winners += put.get() ? 1 : 0;
        }
        assertThat(winners).isEqualTo(1);
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void aFileIsHeldUntilItIsDeletedOrReplaced() throws IOException {
    String path = folder + "/_delta_log/00000000000000000003.json";
    FileStatus put = files.putIfAbsent(path, lines("first")).orElseThrow();
    assertThat(files.holds(put)).isTrue();

    S3Files stranger = new S3Files(store.settings());
    stranger.delete(path);
    assertThat(files.holds(put)).isFalse();

    stranger.putIfAbsent(path, lines("other"));
    FileStatus again = files.putIfAbsent(path, lines("first")).orElse(put);
    assertThat(files.holds(again)).isTrue();
    stranger.delete(path);
    stranger.putIfAbsent(path, lines("third"));
    assertThat(files.holds(again)).isFalse();
  }

  @Test
  void aListingShowsAReplacedCommitAsItIsNow() throws IOException {
    String path = folder + "/_delta_log/00000000000000000004.json";
    files.putIfAbsent(path, lines("first"));
    S3Files stranger = new S3Files(store.settings());
    stranger.delete(path);
    stranger.putIfAbsent(path, lines("second"));

    files.listFrom(folder + "/_delta_log/0").close();

    try (SeekableInputStream in = files.newInputFile(path, -1).newStream()) {
      byte[] content = new byte[7];
      in.readFully(content, 0, 7);
      assertThat(new String(content, java.nio.charset.StandardCharsets.US_ASCII))
          .isEqualTo("second\n");
    }
  }

  @Test
  void smallAndLargeObjectsAreReadAsTheyWereWrittenInAnyOrder() throws IOException {
    for (int size : new int[] {1, 70_000, S3Upload.PART_BYTES, 2 * S3Upload.PART_BYTES + 17}) {
      String path = folder + "/data/" + size + ".parquet";
      byte[] content = write(path, size);
      assertThat(files.getFileStatus(path).getSize()).isEqualTo(size);

      Random random = new Random(7);
      try (SeekableInputStream in = files.newInputFile(path, size).newStream()) {
        for (int read = 0; read < 20; read++) {
          int from = random.nextInt(size);
          int length = Math.min(size - from, 1 + random.nextInt(3 << 20));
          byte[] part = new byte[length];
          in.seek(from);
          in.readFully(part, 0, length);
          assertThat(Arrays.equals(part, 0, length, content, from, from + length)).isTrue();
          assertThat(in.getPos()).isEqualTo(from + length);
        }
        in.seek(size);
        assertThat(in.read()).isEqualTo(-1);
        assertThatThrownBy(() -> in.readFully(new byte[1], 0, 1))
            .isInstanceOf(java.io.EOFException.class);
      }
    }
  }

  @Test
  void aListingBeginsWithANameAndKnowsNoFolders() throws IOException {
    for (String name : List.of("a.json", "b.json", "b.jsonx", "c.json", "sub/d.json")) {
      write(folder + "/list/" + name, 3);
    }

    List<String> names = new ArrayList<>();
    try (CloseableIterator<FileStatus> listed = files.listFrom(folder + "/list/b.json")) {
      listed.forEachRemaining(file -> names.add(file.getPath()));
    }

    assertThat(names)
        .containsExactly(
            folder + "/list/b.json", folder + "/list/b.jsonx", folder + "/list/c.json");
    assertThatThrownBy(() -> files.listFrom(folder + "/list/d"))
        .isInstanceOf(FileNotFoundException.class);
  }

  @Test
  void aFolderIsDeletedWithAllBelow() throws IOException {
    for (int i = 0; i < 12; i++) {
      write(folder + "/gone/" + i % 3 + "/" + i, 1);
    }
    write(folder + "/gone-not/0", 1);

    files.deleteFolder(folder + "/gone");

    assertThatThrownBy(() -> files.getFileStatus(folder + "/gone/0/0"))
        .isInstanceOf(FileNotFoundException.class);
    assertThat(files.getFileStatus(folder + "/gone-not/0").getSize()).isEqualTo(1);
  }

  @Test
  void anUploadThatNobodyEndsIsAbortedWhenItIsOld() throws IOException {
    PositionOutputStream left = files.newOutputFile(folder + "/left.parquet").create(false);
    left.write(new byte[S3Upload.PART_BYTES + 1]);

    assertThat(files.deleteAbandoned(folder, Instant.now().minusSeconds(3600))).isZero();
    assertThat(files.deleteAbandoned(folder, Instant.now().plusSeconds(60))).isEqualTo(1);
    assertThat(files.deleteAbandoned(folder, Instant.now().plusSeconds(60))).isZero();
    assertThatThrownBy(left::close).isInstanceOf(IOException.class);
  }

  @Test
  void aStoreWithConditionalPutsPassesTheCheckAndNothingIsLeft() throws IOException {
    files.check("s3://" + bucket + "/checked");

    assertThatThrownBy(() -> files.listFrom("s3://" + bucket + "/checked/_clicklake/"))
        .isInstanceOf(FileNotFoundException.class);
  }

  @Test
  void aBucketThatIsNotThereAndKeysThatAreNotAcceptedAreToldWithARemedy() {
    assertThatThrownBy(() -> files.check("s3://no-such-bucket-here/lake"))
        .hasMessageContaining("there is no bucket no-such-bucket-here; create it");
    S3Settings wrong =
        new S3Settings(
            store.endpoint(),
            "us-east-1",
            true,
            "none",
            null,
            new S3Settings.Credentials(ObjectStore.ACCESS_KEY, "wrong", null),
            null);
    assertThatThrownBy(() -> new S3Files(wrong).check("s3://" + bucket + "/lake"))
        .hasMessageContaining("does not accept the credentials (SignatureDoesNotMatch)")
        .hasMessageNotContaining("wrong");
  }

  @Test
  void aBucketThatDoesNotListInOrderKeepsNoLake() {
    LakeLocation express = LakeLocation.of("s3://clicks--use1-az4--x-s3/lake");

    assertThatThrownBy(() -> LakeStorage.of(express))
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("S3 Express does not list in order");
  }
}
