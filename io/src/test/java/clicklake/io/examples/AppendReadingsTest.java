package clicklake.io.examples;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.append.DeltaIO;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppendReadingsTest {
  @TempDir Path folder;

  @Test
  void everyRunAddsWhatTheFileHasGrownBy() throws Exception {
    Path file = folder.resolve("readings.txt");
    Path lake = folder.resolve("lake");
    SourcePartition lines = new SourcePartition("readings.txt", 0, "growing file");
    Files.write(file, List.of("kitchen;21.5", "cellar;9"));
    AppendReadings.run(file, lake, PipelineOptionsFactory.create());
    assertThat(DeltaIO.covered(lake.toString(), "readings/raw"))
        .isEqualTo(Map.of(lines, OffsetRanges.of(0, 2)));

    AppendReadings.run(file, lake, PipelineOptionsFactory.create());
    assertThat(dataFiles(lake)).isEqualTo(1);

    Files.write(file, List.of("cellar;10"), StandardOpenOption.APPEND);
    AppendReadings.run(file, lake, PipelineOptionsFactory.create());
    assertThat(DeltaIO.covered(lake.toString(), "readings/raw"))
        .isEqualTo(Map.of(lines, OffsetRanges.of(0, 3)));
    assertThat(dataFiles(lake)).isEqualTo(2);
  }

  private static long dataFiles(Path lake) throws Exception {
    try (Stream<Path> files = Files.list(lake.resolve("readings/raw"))) {
      return files.filter(path -> path.toString().endsWith(".parquet")).count();
    }
  }
}
