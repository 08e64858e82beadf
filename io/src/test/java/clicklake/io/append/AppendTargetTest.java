package clicklake.io.append;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.lake.LakeLocation;
import java.nio.file.Path;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppendTargetTest {
  private static final Schema READING =
      SchemaBuilder.record("Reading").fields().requiredLong("value").endRecord();

  @TempDir private Path folder;

  @Test
  void allThatAppendToATableShareIt() {
    LakeLocation lake = LakeLocation.of(folder);
    AppendTarget target = new AppendTarget(lake, "silver/readings", READING, null);
    AppendTarget same = new AppendTarget(lake, "silver/readings", READING, null);

    assertThat(same.table()).isSameAs(target.table());
  }
}
