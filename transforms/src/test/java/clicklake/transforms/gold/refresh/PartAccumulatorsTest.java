package clicklake.transforms.gold.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.lake.RowBatch;
import clicklake.transforms.gold.plan.Aggregations;
import clicklake.transforms.gold.plan.RefreshSpec;
import clicklake.transforms.gold.star.PageUsers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PartAccumulatorsTest {

  @Test
  void manyRowsOfOnePartAreHandedOnInBatchesThatAnEngineTakes() {
    String table = PageUsers.TABLE.path();
    Aggregations aggregations = Aggregations.of(Duration.ofMinutes(2));
    PartAccumulators accumulators =
        new PartAccumulators(
            aggregations,
            aggregations.aggregationOf(table),
            new RefreshSpec(Set.of(table), Map.of(), Set.of(), Map.of(), Map.of()));
    int keys = 200_000;
    for (int i = 0; i < keys; i++) {
      accumulators.accumulators().at(new PageUsers.Key("/product/1", "user-" + (100_000 + i)));
    }

    List<byte[]> batches = new ArrayList<>();
    accumulators.flush((part, rows) -> batches.add(rows));

    assertThat(batches).hasSize(5).allMatch(batch -> batch.length < (1 << 20) + 100);
    List<String> users = new ArrayList<>();
    batches.forEach(
        batch -> RowBatch.read(PageUsers.TABLE.schema(), batch, row -> users.add(row.textAt(1))));
    assertThat(users.stream().sorted().toList())
        .isEqualTo(IntStream.range(0, keys).mapToObj(i -> "user-" + (100_000 + i)).toList());
  }
}
