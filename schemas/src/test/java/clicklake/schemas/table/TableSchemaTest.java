package clicklake.schemas.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TableSchemaTest {
  private static final TableSchema BRONZE = Feed.EVENTS.bronze();

  @Test
  void someColumnsOfATableHaveHandlesInTheirOwnOrder() {
    TableSchema read = BRONZE.select("value", "_offset");

    assertThat(read.columns()).containsExactly(BRONZE.column("value"), BRONZE.column("_offset"));
    assertThat(read.index("_offset")).isEqualTo(1);
    assertThat(read.path()).isEqualTo(BRONZE.path());
    assertThatIllegalArgumentException().isThrownBy(() -> read.index("_source"));
  }

  @Test
  void aColumnThatATableLacksIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BRONZE.select("_offset", "event_id"))
        .withMessage("bronze/events has no column event_id");
  }

  @Test
  void everyTableOfEventsHasThePositionOfItsRows() {
    assertThat(Feed.EVENTS.tables())
        .allSatisfy(table -> assertThat(table.columns()).containsAll(Feed.POSITION));
  }
}
