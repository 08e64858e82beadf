package clicklake.io.parquet;

import clicklake.io.storage.LakeFiles;
import clicklake.io.storage.StorageFailures;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.Feed;
import clicklake.schemas.table.LakeException;
import clicklake.schemas.table.LandedGeneration;
import clicklake.schemas.table.TableFiles;
import clicklake.schemas.table.TableSchema;
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
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.parquet.io.api.Binary;

/** The Parquet files of one table. Safe for use by several threads. */
public final class ParquetTableFiles implements TableFiles {
  private static final List<String> POSITION = Feed.POSITION.stream().map(Column::name).toList();
  private static final List<String> EVENT = List.of("event_id", "event_time", "_digest");

  /** What is read of a row, with handles; silver's alone has an event. */
  private static final List<String> FACTS =
      Stream.concat(POSITION.stream(), EVENT.stream()).toList();

  private static final int SOURCE = FACTS.indexOf("_source");
  private static final int PARTITION = FACTS.indexOf("_partition");
  private static final int OFFSET = FACTS.indexOf("_offset");
  private static final int INGESTED_AT = FACTS.indexOf("_ingested_at");
  private static final int EVENT_ID = FACTS.indexOf("event_id");
  private static final int EVENT_TIME = FACTS.indexOf("event_time");
  private static final int DIGEST = FACTS.indexOf("_digest");

  private final LakeFiles files;
  private final String root;
  private final TableSchema schema;
  private final ParquetSettings settings;

  /**
   * @param lake the lake's root
   * @param schema the table
   */
  public ParquetTableFiles(
      LakeFiles files, String lake, TableSchema schema, ParquetSettings settings) {
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
      throw StorageFailures.of("look for", absolute(path), e);
    }
  }

  @Override
  public void delete(String path) {
    try {
      files.delete(absolute(path));
    } catch (IOException e) {
      throw StorageFailures.of("delete", absolute(path), e);
    }
  }

  @Override
  public void readEach(List<DataFile> all, Consumer<DataFile> visitor) {
    for (int i = 0; i < all.size(); i++) {
      int ahead = i == 0 ? 0 : i + LakeFiles.READ_AHEAD - 1;
      for (; ahead < Math.min(all.size(), i + LakeFiles.READ_AHEAD); ahead++) {
        DataFile next = all.get(ahead);
        files.readAhead(absolute(next.path()), next.sizeBytes());
      }
      visitor.accept(all.get(i));
    }
  }

  @Override
  public long countRows(DataFile file) {
    return file.rows() >= 0
        ? file.rows()
        : RowReader.countRows(files, absolute(file.path()), file.sizeBytes());
  }

  @Override
  public List<RowFacts> rows(DataFile file) {
    boolean events = schema.columns().stream().anyMatch(c -> c.name().equals("event_id"));
    String path = absolute(file.path());
    List<RowFacts> rows = new ArrayList<>((int) Math.max(16, Math.min(file.rows(), 1 << 24)));
    RowReader.read(
        files,
        path,
        file.sizeBytes(),
        schema.select(events ? FACTS : POSITION).columns(),
        row -> {
          Binary id = events ? row.binaryAt(EVENT_ID) : null;
          rows.add(
              new RowFacts(
                  row.textAt(SOURCE),
                  row.intAt(PARTITION),
                  row.longAt(OFFSET),
                  row.longAt(INGESTED_AT),
                  id == null ? 0 : Uuids.high(path, id),
                  id == null ? 0 : Uuids.low(path, id),
                  events ? row.longAt(EVENT_TIME) : 0,
                  events ? row.longAt(DIGEST) : 0));
        });
    return rows;
  }

  @Override
  public Collection<LandedGeneration> landed(DataFile file) {
    String path = absolute(file.path());
    List<LandedGeneration> said =
        LandedGeneration.of(RowReader.metadata(files, path, file.sizeBytes()));
    if (said != null) {
      return said;
    }
    Set<LandedGeneration> found = new HashSet<>();
    Map<String, Long> hashes = new HashMap<>();
    TableSchema read = schema.select("_source", "_partition", "_ingested_at");
    int source = read.index("_source");
    int partition = read.index("_partition");
    int ingestedAt = read.index("_ingested_at");
    RowReader.read(
        files,
        path,
        file.sizeBytes(),
        read.columns(),
        row ->
            found.add(
                new LandedGeneration(
                    hashes.computeIfAbsent(row.textAt(source), LandedGeneration::hash),
                    row.intAt(partition),
                    Math.floorDiv(row.longAt(ingestedAt), 1000L),
                    -1)));
    return found;
  }

  @Override
  public DataFile rewriteWithout(DataFile file, Predicate<RowFacts> dropped, long createdAtMillis) {
    List<RowFacts> facts = rows(file);
    int slash = file.path().lastIndexOf('/');
    String path =
        file.path().substring(0, slash + 1)
            + createdAtMillis
            + "-"
            + UUID.randomUUID()
            + ".parquet";
    List<Column> columns = schema.columns();
    try (RowWriter copy =
        new RowWriter(files, absolute(path), columns, ParquetSettings.SELDOM_REPEATED, settings)) {
      int[] index = {0};
      Map<String, String> metadata =
          RowReader.read(
              files,
              absolute(file.path()),
              file.sizeBytes(),
              columns,
              row -> {
                if (!dropped.test(facts.get(index[0]++))) {
                  copy(row, columns, copy);
                }
              });
      RowWriter.Written written = copy.finish(LandedGeneration.carriedOn(metadata));
      return new DataFile(path, written.sizeBytes(), written.rows(), file.date(), written.stats());
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

  private static void copy(RowReader.Row row, List<Column> columns, RowWriter to) {
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
