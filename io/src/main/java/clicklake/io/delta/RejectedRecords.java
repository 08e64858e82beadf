package clicklake.io.delta;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.Tables;
import java.util.List;
import org.apache.parquet.io.api.Binary;
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
  static void send(DeltaLake lake, List<DataFile.Content> files, DeadLetters topic) {
    for (DataFile.Content file : files) {
      ParquetColumns.read(
          lake.location(),
          Tables.QUARANTINE_EVENTS,
          file,
          COLUMNS,
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

  private static byte @Nullable [] bytes(ParquetColumns.Row row, int column) {
    if (row.isNull(column)) {
      return null;
    }
    Binary value = row.binaryAt(column);
    return value.getBytes();
  }
}
