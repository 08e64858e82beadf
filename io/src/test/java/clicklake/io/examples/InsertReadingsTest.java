package clicklake.io.examples;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.testing.ClickHouseServer;
import clicklake.io.testing.ClickHouseServer.Engine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InsertReadingsTest {
  @TempDir Path folder;

  @Test
  void theNewestReadingOfEachSensorIsShownHoweverOftenItIsInserted() throws Exception {
    ClickHouseServer server = ClickHouseServer.shared(Engine.OLD);
    server.client().execute("cleaning", "DROP DATABASE IF EXISTS readings");
    Files.write(folder.resolve("a.txt"), List.of("1;roof;20.5", "2;cellar;11", "3;roof;21.25"));
    for (int run = 0; run < 2; run++) {
      InsertReadings.run(
          folder.resolve("*.txt").toString(),
          server.settings(),
          PipelineOptionsFactory.fromArgs("--runner=DirectRunner").create());
    }
    assertThat(
            server
                .client()
                .query(
                    "looking", "SELECT sensor, degrees FROM readings.newest FINAL ORDER BY sensor")
                .toString())
        .isEqualTo(
            "[{\"sensor\":\"cellar\",\"degrees\":11}, {\"sensor\":\"roof\",\"degrees\":21.25}]");
  }
}
