package clicklake.io.lake;

import clicklake.io.delta.KernelTableLog;
import clicklake.io.parquet.ParquetPartitionFiles;
import clicklake.io.parquet.ParquetSettings;
import clicklake.io.parquet.ParquetTableFiles;
import clicklake.io.parquet.ParquetTableReader;
import clicklake.io.storage.LakeStorage;
import clicklake.io.storage.StorageFailures;
import clicklake.schemas.lake.PartitionFiles;
import clicklake.schemas.lake.SharedUntilUnused;
import clicklake.schemas.lake.TableReaders;
import clicklake.schemas.lake.TableStore;
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

  private record LogKey(String lake, String table) {}

  private final String root;

  private DeltaTables(String root) {
    this.root = root;
  }

  /**
   * The tables at a place.
   *
   * @param root absolute path of a local folder, which need not exist yet
   */
  public static DeltaTables at(String root) {
    return new DeltaTables(root);
  }

  @Override
  public TableLog log(TableSchema table) {
    return OPEN.of(
        new LogKey(root, table.path()),
        () -> new KernelTableLog(LakeStorage.of(root), root, table));
  }

  @Override
  public TableFiles files(TableSchema table) {
    return new ParquetTableFiles(LakeStorage.of(root), root, table, ParquetSettings.DEFAULT);
  }

  @Override
  public TableReaders readers() {
    String lake = root;
    return table -> new ParquetTableReader(lake, table);
  }

  @Override
  public PartitionFiles writer(Clock clock) {
    return new ParquetPartitionFiles(root, clock);
  }

  @Override
  public void delete() {
    for (TableSchema own : List.of(EventTables.BRONZE_EVENTS, EventTables.SILVER_EVENTS)) {
      if (Files.exists(Path.of(root, own.path()))) {
        throw new IllegalStateException(
            root + " has " + own.path() + ": not a lake to compare with");
      }
    }
    OPEN.forget(key -> key.lake().equals(root));
    Path folder = Path.of(root);
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw StorageFailures.of("delete", root, e);
    }
  }

  /** Where the lake lies. */
  @Override
  public String toString() {
    return root;
  }
}
