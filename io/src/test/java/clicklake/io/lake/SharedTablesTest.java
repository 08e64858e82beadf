package clicklake.io.lake;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.storage.LakeStorage;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.table.EventTables;
import clicklake.schemas.table.Feed;
import clicklake.schemas.table.TableSchema;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedTablesTest {
  @TempDir private Path folder;

  @Test
  void theEventLakeAndWhatFollowsItShareTheLogOfEachTable() {
    LakeLocation lake = LakeLocation.of(folder);

    assertThat(EventLake.at(lake).tables().silver().log())
        .isSameAs(DeltaTables.at(LakeLocation.of(folder)).log(EventTables.SILVER_EVENTS));
    assertThat(EventLake.at(lake).tables().bronze().log())
        .isSameAs(DeltaTables.at(lake).log(EventTables.BRONZE_EVENTS));
    assertThat(EventLake.at(lake).tables()).isSameAs(EventLake.at(lake).tables());
  }

  @Test
  void feedsOfALakeShareNoTables() {
    LakeLocation lake = LakeLocation.of(folder);
    Feed orders =
        Feed.of("orders", new TableSchema("silver/orders", "orders", List.of(), "order_date"));

    assertThat(EventLake.at(lake, Feed.EVENTS).tables()).isSameAs(EventLake.at(lake).tables());
    assertThat(EventLake.at(lake, orders).tables()).isNotSameAs(EventLake.at(lake).tables());
    assertThat(EventLake.at(lake, orders).tables().bronze().log().name())
        .isEqualTo("bronze/orders");
  }

  @Test
  void aLakeHasOneStorage() {
    LakeLocation lake = LakeLocation.of(folder);

    assertThat(LakeStorage.of(lake)).isSameAs(LakeStorage.of(LakeLocation.of(folder)));
  }
}
