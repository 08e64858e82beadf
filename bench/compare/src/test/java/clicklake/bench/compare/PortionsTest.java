package clicklake.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortionsTest {
  @TempDir private Path folder;

  private DataSet lines(String... files) throws IOException {
    Path events = Files.createDirectories(folder.resolve("data/events"));
    long records = 0;
    for (int i = 0; i < files.length; i++) {
      Files.writeString(events.resolve("part-" + i + ".ndjson"), files[i]);
      records += files[i].lines().count();
    }
    return new DataSet(folder.resolve("data"), records);
  }

  private static List<String> contents(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> listed = Files.newDirectoryStream(folder)) {
      listed.forEach(files::add);
    }
    Collections.sort(files);
    List<String> contents = new ArrayList<>();
    for (Path file : files) {
      contents.add(Files.readString(file));
    }
    return contents;
  }

  @Test
  void portionsHoldAllLinesInTheirOrderAndNothingHasArrived() throws IOException {
    Portions portions = Portions.of(lines("a\nb\nc\n", "d\ne\nf\ng\n"), 3, folder);

    assertThat(contents(folder.resolve("prepared")))
        .containsExactly("a\nb\nc\n", "d\ne\n", "f\ng\n");
    assertThat(portions.landing()).isEmptyDirectory();
  }

  @Test
  void everyLineCanBeAPortion() throws IOException {
    Portions.of(lines("a\nb\n", "c\n"), 3, folder);

    assertThat(contents(folder.resolve("prepared"))).containsExactly("a\n", "b\n", "c\n");
  }

  @Test
  void onlyCommitsThatBringRowsAreCounted() throws IOException {
    Path log = Files.createDirectories(folder.resolve("_delta_log"));
    String add = "{\"add\":{\"path\":\"p\",\"stats\":\"{\\\"numRecords\\\":%d}\"}}\n";
    Files.writeString(log.resolve("00000000000000000000.json"), "{\"protocol\":{}}\n");
    Files.writeString(
        log.resolve("00000000000000000001.json"), add.formatted(2) + add.formatted(3));
    Files.writeString(log.resolve("00000000000000000002.json"), "{\"domainMetadata\":{}}\n");
    Files.writeString(log.resolve("00000000000000000003.json"), add.formatted(1));
    Files.writeString(log.resolve("00000000000000000005.json"), add.formatted(1));

    assertThat(Portions.commits(log)).isEqualTo(2);
  }

  @Test
  void withoutALogThereAreNoCommits() throws IOException {
    assertThat(Portions.commits(folder.resolve("none"))).isZero();
  }
}
