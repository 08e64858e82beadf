package clicklake.io.delta;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.TableSchema;
import io.delta.kernel.defaults.engine.fileio.FileIO;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.parquet.io.api.Binary;

/** The Parquet files of one table. Safe for use by several threads. */
final class ParquetTableFiles implements TableFiles {
  private static final List<String> POSITION =
      List.of("_source", "_partition", "_offset", "_ingested_at");
  private static final List<String> EVENT = List.of("event_id", "event_time", "_digest");

  private final FileIO files;
  private final String root;
  private final TableSchema schema;
  private final ParquetSettings settings;

  /**
   * @param lake the lake's root
   * @param schema the table
   */
  ParquetTableFiles(FileIO files, String lake, TableSchema schema, ParquetSettings settings) {
    this.files = files;
    this.root = lake + "/" + schema.path();
    this.schema = schema;
    this.settings = settings;
  }

  private String absolute(String path) {
    return root + "/" + path;
  }

  @Override
  public boolean exists(String path) {
    try {
      files.getFileStatus(absolute(path));
      return true;
    } catch (FileNotFoundException e) {
      return false;
    } catch (IOException e) {
      throw LakeFailures.of("look for", absolute(path), e);
    }
  }

  @Override
  public void delete(String path) {
    try {
      files.delete(absolute(path));
    } catch (IOException e) {
      throw LakeFailures.of("delete", absolute(path), e);
    }
  }

  @Override
  public long countRows(DataFile.Content file) {
    return file.rows() >= 0
        ? file.rows()
        : ParquetColumns.countRows(files, absolute(file.path()), file.sizeBytes());
  }

  @Override
  public List<RowFacts> rows(DataFile.Content file) {
    boolean events = schema.columns().stream().anyMatch(c -> c.name().equals("event_id"));
    List<Column> columns = new ArrayList<>();
    POSITION.forEach(name -> columns.add(schema.column(name)));
    if (events) {
      EVENT.forEach(name -> columns.add(schema.column(name)));
    }
    String path = absolute(file.path());
    List<RowFacts> rows = new ArrayList<>((int) Math.max(16, Math.min(file.rows(), 1 << 24)));
    ParquetColumns.read(
        files,
        path,
        file.sizeBytes(),
        columns,
        row -> {
          Binary id = events ? row.binaryAt(4) : null;
          rows.add(
              new RowFacts(
                  row.textAt(0),
                  row.intAt(1),
                  row.longAt(2),
                  row.longAt(3),
                  id == null ? 0 : Uuids.high(path, id),
                  id == null ? 0 : Uuids.low(path, id),
                  events ? row.longAt(5) : 0,
                  events ? row.longAt(6) : 0));
        });
    return rows;
  }

  @Override
  public Collection<LandedFiles.Landed> landed(DataFile.Content file) {
    String path = absolute(file.path());
    List<LandedFiles.Landed> said =
        LandedFiles.of(ParquetColumns.remarks(files, path, file.sizeBytes()));
    if (said != null) {
      return said;
    }
    Set<LandedFiles.Landed> found = new HashSet<>();
    Map<String, Long> hashes = new HashMap<>();
    ParquetColumns.read(
        files,
        path,
        file.sizeBytes(),
        Stream.of("_source", "_partition", "_ingested_at").map(schema::column).toList(),
        row ->
            found.add(
                new LandedFiles.Landed(
                    hashes.computeIfAbsent(row.textAt(0), LandedFiles::hash),
                    row.intAt(1),
                    Math.floorDiv(row.longAt(2), 1000L),
                    -1)));
    return found;
  }

  @Override
  public DataFile.Content rewriteWithout(
      DataFile.Content file, Predicate<RowFacts> dropped, long birthMillis) {
    List<RowFacts> facts = rows(file);
    int slash = file.path().lastIndexOf('/');
    String path =
        file.path().substring(0, slash + 1) + birthMillis + "-" + UUID.randomUUID() + ".parquet";
    List<Column> columns = schema.columns();
    try (ParquetRows copy =
        new ParquetRows(
            files, absolute(path), columns, DeltaLakeWriters.SELDOM_REPEATED, settings)) {
      int[] index = {0};
      ParquetColumns.read(
          files,
          absolute(file.path()),
          file.sizeBytes(),
          columns,
          row -> {
            if (!dropped.test(facts.get(index[0]++))) {
              copy(row, columns, copy);
            }
          });
      ParquetRows.Written written =
          copy.finish(
              LandedFiles.carriedOn(
                  ParquetColumns.remarks(files, absolute(file.path()), file.sizeBytes())));
      return new DataFile.Content(
          path, written.sizeBytes(), written.rows(), file.date(), written.stats());
    } catch (RuntimeException e) {
      // Nobody was told of this name.
      try {
        delete(path);
      } catch (LakeException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  private static void copy(ParquetColumns.Row row, List<Column> columns, ParquetRows to) {
    for (int i = 0; i < columns.size(); i++) {
      if (row.isNull(i)) {
        to.putNull(i);
      } else {
        switch (columns.get(i).type()) {
          case STRING, BINARY -> to.putBytes(i, row.binaryAt(i).getBytesUnsafe());
          case INT, DATE -> to.putInt(i, row.intAt(i));
          case LONG, TIMESTAMP, PRICE -> to.putLong(i, row.longAt(i));
          case DOUBLE -> to.putDouble(i, row.doubleAt(i));
          case BOOLEAN -> to.putBoolean(i, row.booleanAt(i));
        }
      }
    }
    to.endRow();
  }
}
