package clicklake.io.lake;

import clicklake.io.delta.KernelTableLog;
import clicklake.io.parquet.ParquetPartitionFiles;
import clicklake.io.parquet.ParquetSettings;
import clicklake.io.parquet.ParquetTableFiles;
import clicklake.io.parquet.ParquetTableReader;
import clicklake.io.storage.LakeStorage;
import clicklake.io.storage.StorageFailures;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.PartitionFiles;
import clicklake.schemas.lake.SharedUntilUnused;
import clicklake.schemas.lake.TableReaders;
import clicklake.schemas.lake.TableStore;
import clicklake.schemas.table.BackgroundWork;
import clicklake.schemas.table.EventTables;
import clicklake.schemas.table.TableFiles;
import clicklake.schemas.table.TableLog;
import clicklake.schemas.table.TableSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Delta tables with Parquet files, below one root. */
public final class DeltaTables implements TableStore {
  private static final long serialVersionUID = 1L;
  private static final SharedUntilUnused<LogKey, TableLog> OPEN = new SharedUntilUnused<>();

  private record LogKey(LakeLocation lake, String table) {}

  private final LakeLocation lake;

  private DeltaTables(LakeLocation lake) {
    this.lake = lake;
  }

  /**
   * The tables of a lake on a local disk.
   *
   * @param root absolute path of a folder, which need not exist yet
   */
  public static DeltaTables at(String root) {
    return at(LakeLocation.of(root));
  }

  /** The tables of a lake, which need not exist yet. */
  public static DeltaTables at(LakeLocation lake) {
    return new DeltaTables(lake);
  }

  @Override
  public TableLog log(TableSchema table) {
    return OPEN.of(
        new LogKey(lake, table.path()),
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
  public TableReaders readers() {
    LakeLocation location = lake;
    return table -> new ParquetTableReader(location, table);
  }

  @Override
  public PartitionFiles writer(Clock clock) {
    return new ParquetPartitionFiles(lake, clock);
  }

  @Override
  public void delete() {
    for (TableSchema own : List.of(EventTables.BRONZE_EVENTS, EventTables.SILVER_EVENTS)) {
      if (Files.exists(Path.of(lake.root(), own.path()))) {
        throw new IllegalStateException(
            lake + " has " + own.path() + ": not a lake to compare with");
      }
    }
    OPEN.forget(key -> key.lake().equals(lake));
    Path folder = Path.of(lake.root());
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
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
