package clicklake.schemas.spill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpillFolderTest {
  @TempDir private Path folder;

  @Test
  void belowTheStateDirItIsMadeAsOftenAsItIsMissing() throws IOException {
    SpillFolder spills = SpillFolder.below(folder.resolve("state"));
    for (int i = 0; i < 2; i++) {
      Path file = spills.newFile("rows-");

      assertThat(file.getParent()).isEqualTo(folder.resolve("state/spill"));
      assertThat(file).isEmptyFile();
      Files.delete(file);
      Files.delete(folder.resolve("state/spill"));
      Files.delete(folder.resolve("state"));
    }
    assertThat(spills.setting()).isEqualTo("--stateDir");
    assertThat(spills).hasToString(folder.resolve("state/spill").toString());
  }

  @Test
  void withoutAStateDirItIsTheJvmsAndNotMade() throws IOException {
    Path file = SpillFolder.OF_JVM.newFile("rows-");
    Files.delete(file);

    assertThat(file.getParent()).isEqualTo(Path.of(System.getProperty("java.io.tmpdir")));
    assertThat(SpillFolder.OF_JVM.setting()).isEqualTo("-Djava.io.tmpdir");
    SpillFolder missing = new SpillFolder(folder.resolve("missing").toString(), false);
    assertThatThrownBy(() -> missing.newFile("rows-")).isInstanceOf(NoSuchFileException.class);
  }
}
