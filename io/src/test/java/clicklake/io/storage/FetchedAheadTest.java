package clicklake.io.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class FetchedAheadTest {
  private final List<String> fetched = new ArrayList<>();
  private final FetchedAhead files = new FetchedAhead(this::fetch);

  private Future<byte[]> fetch(String path) {
    fetched.add(path);
    return path.equals("gone")
        ? CompletableFuture.failedFuture(new IOException("gone"))
        : CompletableFuture.completedFuture(path.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aFileIsFetchedOnceAndGivenOnce() {
    files.fetch("a");
    files.fetch("a");

    assertThat(files.take("a")).hasValueSatisfying(content -> assertThat(content).contains('a'));
    assertThat(files.take("a")).isEmpty();
    assertThat(files.take("b")).isEmpty();
    assertThat(fetched).containsExactly("a");
  }

  @Test
  void aFileThatCouldNotBeFetchedIsNotThere() {
    files.fetch("gone");

    assertThat(files.take("gone")).isEmpty();
  }

  @Test
  void filesThatNobodyReadsMakeRoomForLaterOnes() {
    for (int i = 0; i <= LakeFiles.READ_AHEAD; i++) {
      files.fetch("file " + i);
    }

    assertThat(files.take("file 0")).isEmpty();
    assertThat(files.take("file 1")).isPresent();
    assertThat(files.take("file " + LakeFiles.READ_AHEAD)).isPresent();
  }
}
