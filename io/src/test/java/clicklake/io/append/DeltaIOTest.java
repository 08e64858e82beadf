package clicklake.io.append;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.io.append.PositionedRecords.Positioned;
import clicklake.io.delta.KernelTableLog;
import clicklake.io.parquet.AvroFile;
import clicklake.io.parquet.ParquetTableReader;
import clicklake.io.storage.LakeStorage;
import clicklake.io.testing.ObjectStore;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.TableSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeltaIOTest {
  private static final String TABLE = "shop/sales";
  private static final SourcePartition TILL = new SourcePartition("till", 0, "till:1");
  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Sale", "fields": [
                {"name": "item", "type": "string"},
                {"name": "day", "type": {"type": "int", "logicalType": "date"}}
              ]}
              """);

  @TempDir Path lake;

  private LakeLocation lake() {
    return ObjectStore.lakeAt(lake);
  }

  /** A run with a sale at every second position. */
  private static PositionedRecords sales(SourcePartition partition, long from, long to) {
    List<Positioned> records = new ArrayList<>();
    for (long at = from + from % 2; at < to; at += 2) {
      GenericRecord sale = new GenericData.Record(SCHEMA);
      sale.put("item", "item " + at);
      sale.put("day", (int) (20_000 + at % 3));
      records.add(new Positioned(at, sale));
    }
    return new PositionedRecords(partition, from, to, records);
  }

  private DeltaIO.Append append() {
    return DeltaIO.append(lake(), TABLE, SCHEMA);
  }

  private static void run(DeltaIO.Append append, PositionedRecords... elements) {
    PipelineOptions options = PipelineOptionsFactory.create();
    options.setRunner(DirectRunner.class);
    Pipeline pipeline = Pipeline.create(options);
    pipeline
        .apply(Create.of(List.of(elements)).withCoder(PositionedRecordsCoder.of(SCHEMA)))
        .apply("AppendSales", append);
    pipeline.run().waitUntilFinish();
  }

  /** Items of the table, in order. */
  private List<String> items(String partitionColumn) {
    TableSchema table = AvroFile.table(TABLE, "Sale", SCHEMA, partitionColumn);
    KernelTableLog log = new KernelTableLog(LakeStorage.of(lake()), lake().root(), table);
    List<String> items = new ArrayList<>();
    for (DataFile file : log.files(log.newest().orElseThrow(), null)) {
      new ParquetTableReader(lake(), TABLE)
          .read(file, List.of(table.column("item")), row -> items.add(row.textAt(0)));
    }
    Collections.sort(items);
    return items;
  }

  @Test
  void whatIsAppendedAgainAddsNothing() {
    run(append(), sales(TILL, 0, 5));
    run(append(), sales(TILL, 0, 5));

    assertThat(items(null)).containsExactly("item 0", "item 2", "item 4");
    assertThat(DeltaIO.covered(lake(), TABLE)).isEqualTo(Map.of(TILL, OffsetRanges.of(0, 5)));
  }

  @Test
  void overlappingElementsAddEachPositionOnce() {
    run(append(), sales(TILL, 0, 5), sales(TILL, 3, 7));
    run(append(), sales(TILL, 2, 9));

    assertThat(items(null)).containsExactly("item 0", "item 2", "item 4", "item 6", "item 8");
    assertThat(DeltaIO.covered(lake(), TABLE)).isEqualTo(Map.of(TILL, OffsetRanges.of(0, 9)));
  }

  @Test
  void twoPipelinesMayRaceOnOneTable() {
    CompletableFuture<Void> other =
        CompletableFuture.runAsync(() -> run(append(), sales(TILL, 0, 6)));
    run(append(), sales(TILL, 2, 8));
    other.join();

    assertThat(items(null)).containsExactly("item 0", "item 2", "item 4", "item 6");
    assertThat(DeltaIO.covered(lake(), TABLE)).isEqualTo(Map.of(TILL, OffsetRanges.of(0, 8)));
  }

  @Test
  void aSourceResumesFromTheTableAlone() {
    assertThat(DeltaIO.covered(lake(), TABLE)).isEmpty();
    run(append(), sales(TILL, 0, 4));
    long next = DeltaIO.covered(lake(), TABLE).get(TILL).end();
    run(append(), sales(TILL, next, 8));

    assertThat(items(null)).containsExactly("item 0", "item 2", "item 4", "item 6");
  }

  @Test
  void aPartitionedTableHasOneFolderForEachDate() {
    run(append().partitionedBy("day"), sales(TILL, 0, 6));
    run(append().partitionedBy("day"), sales(TILL, 1, 8));

    assertThat(items("day")).containsExactly("item 0", "item 2", "item 4", "item 6");
    assertThat(lake.resolve(TABLE).resolve("day=2024-10-04")).isDirectory();
  }

  @Test
  void aTableOfOtherColumnsIsNamedBeforeThePipelineRuns() {
    run(append(), sales(TILL, 0, 4));

    assertThatThrownBy(() -> run(append().partitionedBy("day"), sales(TILL, 4, 6)))
        .isInstanceOf(CorruptTableException.class)
        .hasMessageContaining("shop/sales: there is another table at");
  }

  @Test
  void recordsOfAnotherSchemaAreRefusedBeforeThePipelineRuns() {
    Schema other = Schema.createRecord("Other", null, null, false, List.of());

    assertThatThrownBy(() -> run(DeltaIO.append(lake(), TABLE, other), sales(TILL, 0, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shop/sales: records have schema " + SCHEMA + ", the table takes " + other);
  }
}
