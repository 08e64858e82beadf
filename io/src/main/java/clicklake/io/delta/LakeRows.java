package clicklake.io.delta;

import clicklake.io.delta.TableFiles.RowFacts;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.TableSchema;
import clicklake.schemas.table.Tables;
import io.delta.kernel.defaults.engine.fileio.FileIO;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/** The rows of a lake's files one after the other, none of them kept. */
interface LakeRows {

  /** Shows position and value of every record of a bronze file. */
  void records(DataFile.Content file, RecordVisitor visitor);

  /** Shows position and event of every row of a silver file. */
  void events(DataFile.Content file, Consumer<RowFacts> visitor);

  /** Shows the position of every row of a quarantine file, published or not. */
  void rejects(DataFile.Content file, Consumer<RowFacts> visitor);

  /** Is shown records. */
  @FunctionalInterface
  interface RecordVisitor {
    /**
     * Shows a record.
     *
     * @param value decoded only if asked for; good during the call
     */
    void record(String source, int partition, long offset, long arrivalMicros, Value value);
  }

  /** A record's bytes, on request. */
  @FunctionalInterface
  interface Value {
    byte @Nullable [] bytes();
  }

  /** The rows of a lake's Parquet files. */
  static LakeRows of(FileIO files, String lake) {
    return new LakeRows() {
      private List<Column> columns(TableSchema schema, String... more) {
        List<Column> columns = new java.util.ArrayList<>();
        for (String name : List.of("_source", "_partition", "_offset", "_ingested_at")) {
          columns.add(schema.column(name));
        }
        for (String name : more) {
          columns.add(schema.column(name));
        }
        return columns;
      }

      private void read(
          TableSchema schema,
          DataFile.Content file,
          List<Column> columns,
          ParquetColumns.Visitor visitor) {
        String path = lake + "/" + schema.path() + "/" + file.path();
        ParquetColumns.read(files, path, file.sizeBytes(), columns, visitor);
      }

      @Override
      public void records(DataFile.Content file, RecordVisitor visitor) {
        read(
            Tables.BRONZE_EVENTS,
            file,
            columns(Tables.BRONZE_EVENTS, "value"),
            row ->
                visitor.record(
                    row.textAt(0),
                    row.intAt(1),
                    row.longAt(2),
                    row.longAt(3),
                    () -> row.isNull(4) ? null : row.binaryAt(4).getBytes()));
      }

      @Override
      public void events(DataFile.Content file, Consumer<RowFacts> visitor) {
        read(
            Tables.SILVER_EVENTS,
            file,
            columns(Tables.SILVER_EVENTS, "event_id", "event_time"),
            row -> {
              Binary id = row.binaryAt(4);
              visitor.accept(
                  new RowFacts(
                      row.textAt(0),
                      row.intAt(1),
                      row.longAt(2),
                      row.longAt(3),
                      Uuids.high(file.path(), id),
                      Uuids.low(file.path(), id),
                      row.longAt(5),
                      0));
            });
      }

      @Override
      public void rejects(DataFile.Content file, Consumer<RowFacts> visitor) {
        read(
            Tables.QUARANTINE_EVENTS,
            file,
            columns(Tables.QUARANTINE_EVENTS),
            row ->
                visitor.accept(
                    new RowFacts(
                        row.textAt(0), row.intAt(1), row.longAt(2), row.longAt(3), 0, 0, 0, 0)));
      }
    };
  }
}
