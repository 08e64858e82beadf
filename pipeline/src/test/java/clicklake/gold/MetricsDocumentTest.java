package clicklake.gold;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.testing.ServiceClassPath;
import clicklake.schemas.table.Column;
import clicklake.transforms.gold.plan.Aggregations;
import clicklake.transforms.gold.table.GoldTable;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** docs/METRICS.md says of tables and columns what their comments in the lake say. */
class MetricsDocumentTest {
  private static final String HEADING = "## Every table and column\n";

  @Test
  void theDocumentListsEveryTableAndColumnInTheWordsOfTheLake() throws IOException {
    String document = Files.readString(ServiceClassPath.projectRoot().resolve("docs/METRICS.md"));
    StringBuilder expected = new StringBuilder(HEADING);
    expected.append("\nAs the tables' own comments say, word for word.\n");
    for (GoldTable table : tables()) {
      expected
          .append("\n**")
          .append(table.path())
          .append("**")
          .append(
              table.schema().partitionColumn() == null
                  ? ""
                  : ", by `" + table.schema().partitionColumn() + "`")
          .append(": ")
          .append(table.schema().comment())
          .append(".\n\n| column | type | |\n|---|---|---|\n");
      for (Column column : table.schema().columns()) {
        expected.append(
            "| `%s` | %s%s | %s |\n"
                .formatted(
                    column.name(),
                    column.type().name().toLowerCase(Locale.ROOT),
                    column.nullable() ? ", nullable" : "",
                    column.comment()));
      }
    }

    assertThat(document.substring(Math.max(0, document.indexOf(HEADING))))
        .isEqualTo(expected.toString());
  }

  private static List<GoldTable> tables() {
    return Aggregations.ALL;
  }
}
