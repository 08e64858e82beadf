package clicklake.io.audit;

import clicklake.io.parquet.ParquetTableReader;
import clicklake.io.parquet.Uuids;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.Feed;
import clicklake.schemas.table.TableFiles.RowFacts;
import clicklake.schemas.table.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The rows of a lake's {@link Feed#EVENTS} one after the other, none of them kept. */
public interface AuditReader {

  /** Shows position and value of every record of a bronze file. */
  void records(DataFile file, RecordVisitor visitor);

  /** Shows position and event of every row of a silver file. */
  void events(DataFile file, Consumer<RowFacts> visitor);

  /** Shows the position of every row of a quarantine file, published or not. */
  void rejects(DataFile file, Consumer<RowFacts> visitor);

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
  static AuditReader of(LakeLocation lake) {
    return new AuditReader() {
      private List<Column> columns(TableSchema schema, String... more) {
        List<Column> columns = new ArrayList<>();
        for (String name : List.of("_source", "_partition", "_offset", "_ingested_at")) {
          columns.add(schema.column(name));
        }
        for (String name : more) {
          columns.add(schema.column(name));
        }
        return columns;
      }

      private void read(
          TableSchema schema, DataFile file, List<Column> columns, TableReader.Visitor visitor) {
        new ParquetTableReader(lake, schema.path()).read(file, columns, visitor);
      }

      @Override
      public void records(DataFile file, RecordVisitor visitor) {
        read(
            Feed.EVENTS.bronze(),
            file,
            columns(Feed.EVENTS.bronze(), "value"),
            row ->
                visitor.record(
                    row.textAt(0),
                    row.intAt(1),
                    row.longAt(2),
                    row.longAt(3),
                    () -> row.isNull(4) ? null : row.bytesAt(4)));
      }

      @Override
      public void events(DataFile file, Consumer<RowFacts> visitor) {
        read(
            Feed.EVENTS.silver(),
            file,
            columns(Feed.EVENTS.silver(), "event_id", "event_time"),
            row -> {
              byte[] id = row.bytesAt(4);
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
      public void rejects(DataFile file, Consumer<RowFacts> visitor) {
        read(
            Feed.EVENTS.quarantine(),
            file,
            columns(Feed.EVENTS.quarantine()),
            row ->
                visitor.accept(
                    new RowFacts(
                        row.textAt(0), row.intAt(1), row.longAt(2), row.longAt(3), 0, 0, 0, 0)));
      }
    };
  }
}
