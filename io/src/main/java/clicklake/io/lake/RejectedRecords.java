package clicklake.io.lake;

import clicklake.io.parquet.ParquetTableReader;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Feed;
import clicklake.schemas.table.TableSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends the records of reject files to a dead letter topic. */
final class RejectedRecords {
  /** What is read of a quarantine, whose columns are the same in every feed. */
  private static final TableSchema READ =
      Feed.EVENTS
          .quarantine()
          .select(
              "_source",
              "_partition",
              "_offset",
              "_key",
              "_headers",
              "value",
              "reason",
              "field",
              "detail");

  private static final int SOURCE = READ.index("_source");
  private static final int PARTITION = READ.index("_partition");
  private static final int OFFSET = READ.index("_offset");
  private static final int KEY = READ.index("_key");
  private static final int HEADERS = READ.index("_headers");
  private static final int VALUE = READ.index("value");
  private static final int REASON = READ.index("reason");
  private static final int FIELD = READ.index("field");
  private static final int DETAIL = READ.index("detail");

  private RejectedRecords() {}

  /** Sends every record of these files, and returns when all are acknowledged. */
  static void send(EventLake lake, List<DataFile> files, DeadLetters topic) {
    TableReader reader = new ParquetTableReader(lake.location(), lake.feed().quarantine().path());
    for (DataFile file : files) {
      reader.read(
          file,
          READ.columns(),
          row ->
              topic.send(
                  new DeadLetters.Letter(
                      row.textAt(SOURCE),
                      row.intAt(PARTITION),
                      row.longAt(OFFSET),
                      bytes(row, KEY),
                      row.isNull(HEADERS) ? null : row.textAt(HEADERS),
                      bytes(row, VALUE),
                      row.textAt(REASON),
                      row.isNull(FIELD) ? null : row.textAt(FIELD),
                      row.isNull(DETAIL) ? "[]" : row.textAt(DETAIL))));
    }
    topic.flush();
  }

  private static byte @Nullable [] bytes(TableReader.Row row, int column) {
    return row.isNull(column) ? null : row.bytesAt(column);
  }
}
