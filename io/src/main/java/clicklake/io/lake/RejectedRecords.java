package clicklake.io.lake;

import clicklake.io.parquet.ParquetTableReader;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.TableSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends the records of reject files to a dead letter topic. */
final class RejectedRecords {
  private static final List<String> COLUMNS =
      List.of(
          "_source",
          "_partition",
          "_offset",
          "_key",
          "_headers",
          "value",
          "reason",
          "field",
          "detail");

  private RejectedRecords() {}

  /** Sends every record of these files, and returns when all are acknowledged. */
  static void send(EventLake lake, List<DataFile> files, DeadLetters topic) {
    TableSchema table = lake.feed().quarantine();
    TableReader reader = new ParquetTableReader(lake.location(), table.path());
    for (DataFile file : files) {
      reader.read(
          file,
          COLUMNS.stream().map(table::column).toList(),
          row ->
              topic.send(
                  new DeadLetters.Letter(
                      row.textAt(0),
                      row.intAt(1),
                      row.longAt(2),
                      bytes(row, 3),
                      row.isNull(4) ? null : row.textAt(4),
                      bytes(row, 5),
                      row.textAt(6),
                      row.isNull(7) ? null : row.textAt(7),
                      row.isNull(8) ? "[]" : row.textAt(8))));
    }
    topic.flush();
  }

  private static byte @Nullable [] bytes(TableReader.Row row, int column) {
    return row.isNull(column) ? null : row.bytesAt(column);
  }
}
