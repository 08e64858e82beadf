package clicklake.schemas.eventkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.schemas.spill.SpillFolder;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpillableLongsTest {
  @TempDir Path folder;

  /** A folder that, as that of the JVM, is not made when it is missing. */
  private static SpillFolder spills(Path folder) {
    return new SpillFolder(folder.toString(), false);
  }

  @Test
  void takesTheHeapFirstAndThenFilesThatHaveNoName() throws Exception {
    SpillableLongs space = new SpillableLongs(100, spills(folder));
    assertThat(space.take(10).hasArray()).isTrue();
    assertThat(space.fileBytes()).isZero();
    LongBuffer room = space.take(10);
    room.put(9, -5);
    assertThat(room.isDirect()).isTrue();
    assertThat(room.get(9)).isEqualTo(-5);
    assertThat(room.capacity()).isEqualTo(10);
    assertThat(space.fileBytes()).isEqualTo(1 << 14);
    try (var files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void whatIsGivenBackIsHandedOutAgain() {
    SpillableLongs space = new SpillableLongs(100, spills(folder));
    LongBuffer heap = space.take(10);
    LongBuffer mapped = space.take(10);
    space.giveBack(mapped);
    assertThat(space.take(10)).isSameAs(mapped);
    space.giveBack(heap);
    assertThat(space.take(10).hasArray()).isTrue();
  }

  @Test
  void roomsDoNotOverlap() {
    SpillableLongs space = new SpillableLongs(0, spills(folder));
    LongBuffer[] rooms = new LongBuffer[100];
    for (int i = 0; i < rooms.length; i++) {
      rooms[i] = space.take(1000 + i);
      for (int at = 0; at < rooms[i].capacity(); at++) {
        rooms[i].put(at, 31L * i + at);
      }
    }
    for (int i = 0; i < rooms.length; i++) {
      for (int at = 0; at < rooms[i].capacity(); at++) {
        assertThat(rooms[i].get(at)).isEqualTo(31L * i + at);
      }
    }
  }

  @Test
  void withoutRoomOnDiskItSaysWhereAndWhatToDo() {
    Path missing = folder.resolve("missing");
    SpillableLongs space = new SpillableLongs(0, spills(missing));
    assertThatThrownBy(() -> space.take(1))
        .isInstanceOf(SpillException.class)
        .hasMessageStartingWith("cannot keep event ids in " + missing + " (0 MB there already): ")
        .hasMessageEndingWith(
            "; free space there, or set -Djava.io.tmpdir to a larger disk, or give the process more"
                + " memory (-Xmx)");
  }
}
