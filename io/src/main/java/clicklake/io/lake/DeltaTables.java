package clicklake.io.lake;

import clicklake.io.delta.KernelTableLog;
import clicklake.io.parquet.ParquetPartitionFiles;
import clicklake.io.parquet.ParquetSettings;
import clicklake.io.parquet.ParquetTableFiles;
import clicklake.io.parquet.ParquetTableReader;
import clicklake.io.storage.LakeFiles;
import clicklake.io.storage.LakeStorage;
import clicklake.io.storage.StorageFailures;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.OpenLakes;
import clicklake.schemas.lake.PartitionFiles;
import clicklake.schemas.lake.TableReaders;
import clicklake.schemas.lake.TableStore;
import clicklake.schemas.table.BackgroundWork;
import clicklake.schemas.table.Feed;
import clicklake.schemas.table.StorageCalls;
import clicklake.schemas.table.TableFiles;
import clicklake.schemas.table.TableLog;
import clicklake.schemas.table.TableSchema;
import java.io.IOException;
import java.time.Clock;
import java.util.List;

/** Delta tables with Parquet files, below one root. */
public final class DeltaTables implements TableStore {
  private static final long serialVersionUID = 1L;

  private final LakeLocation lake;

  private DeltaTables(LakeLocation lake) {
    this.lake = lake;
  }

  /** The tables of a lake, which need not exist yet. */
  public static DeltaTables at(LakeLocation lake) {
    return new DeltaTables(lake);
  }

  @Override
  public TableLog log(TableSchema table) {
    return OpenLakes.of(
        lake,
        TableLog.class,
        table,
        () ->
            new KernelTableLog(
                LakeStorage.of(lake),
                lake.root(),
                table,
                new BackgroundWork("log of " + table.path())::add));
  }

  @Override
  public TableFiles files(TableSchema table) {
    return new ParquetTableFiles(LakeStorage.of(lake), lake.root(), table, ParquetSettings.DEFAULT);
  }

  @Override
  public StorageCalls calls() {
    return LakeStorage.of(lake).calls();
  }

  @Override
  public TableReaders readers() {
    LakeLocation location = lake;
    return table -> new ParquetTableReader(location, table);
  }

  @Override
  public PartitionFiles writer(Clock clock) {
    return new ParquetPartitionFiles(lake, clock);
  }

  /** Looks for the tables of {@link Feed#EVENTS}, which are what such a lake is compared with. */
  @Override
  public void delete() {
    for (TableSchema own : List.of(Feed.EVENTS.bronze(), Feed.EVENTS.silver())) {
      if (log(own).newest().isPresent()) {
        throw new IllegalStateException(
            lake + " has " + own.path() + ": not a lake to compare with");
      }
    }
    LakeFiles files = LakeStorage.of(lake);
    OpenLakes.forget(lake);
    try {
      files.deleteFolder(lake.root());
    } catch (IOException e) {
      throw StorageFailures.of("delete", lake.root(), e);
    }
  }

  /** Where the lake lies. */
  @Override
  public String toString() {
    return lake.root();
  }
}
