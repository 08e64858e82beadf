package clicklake.io.lookup;

import static clicklake.io.lake.SmallLake.topic;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.commit.CountingTableFiles;
import clicklake.io.lake.SmallLake;
import clicklake.io.ledger.LedgerTable;
import clicklake.schemas.lake.LakeWriters;
import clicklake.schemas.offset.OffsetRanges;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BronzeRowsTest {
  @TempDir Path root;

  @Test
  void aFileWithRowsOfManyPartitionsIsReadOnce() {
    SmallLake lake = new SmallLake(root);
    LakeWriters.Records writer = lake.writers.openRecords();
    for (int partition = 0; partition < 3; partition++) {
      for (int offset = 4; offset < 7; offset++) {
        writer.write(topic(partition), SmallLake.record(topic(partition), offset, "x"));
      }
    }
    writer.seen(-1);
    lake.committer().commit(writer.finish());
    lake.committer().commit(lake.records(topic(3), 0, "x"));
    CountingTableFiles files = new CountingTableFiles(lake.tables.bronze().files());
    LedgerTable bronze = new LedgerTable(lake.tables.bronze().log(), files);

    assertThat(
            new BronzeRows(bronze)
                .positions(
                    bronze.newest().state(),
                    Map.of(
                        topic(0),
                        OffsetRanges.of(0, 5),
                        topic(1),
                        OffsetRanges.ofBounds(5, 6, 9, 10),
                        topic(2),
                        OffsetRanges.of(7, 20),
                        topic(3),
                        OffsetRanges.of(1, 2))))
        .isEqualTo(Map.of(topic(0), OffsetRanges.of(4, 5), topic(1), OffsetRanges.of(5, 6)));
    assertThat(files.rowsRead).hasSize(1);
  }
}
