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
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The rows of a lake's Parquet files. Of each table the position comes first. */
record ParquetAuditReader(LakeLocation lake) implements AuditReader {
  private static final TableSchema BRONZE = withPosition(Feed.EVENTS.bronze(), "value");
  private static final TableSchema SILVER =
      withPosition(Feed.EVENTS.silver(), "event_id", "event_time");
  private static final TableSchema QUARANTINE = withPosition(Feed.EVENTS.quarantine());

  private static final int SOURCE = QUARANTINE.index("_source");
  private static final int PARTITION = QUARANTINE.index("_partition");
  private static final int OFFSET = QUARANTINE.index("_offset");
  private static final int INGESTED_AT = QUARANTINE.index("_ingested_at");
  private static final int VALUE = BRONZE.index("value");
  private static final int EVENT_ID = SILVER.index("event_id");
  private static final int EVENT_TIME = SILVER.index("event_time");

  private static TableSchema withPosition(TableSchema table, String... more) {
    return table.select(
        Stream.concat(Feed.POSITION.stream().map(Column::name), Stream.of(more)).toList());
  }

  private void read(TableSchema table, DataFile file, TableReader.Visitor visitor) {
    new ParquetTableReader(lake, table.path()).read(file, table.columns(), visitor);
  }

  @Override
  public void records(DataFile file, RecordVisitor visitor) {
    read(
        BRONZE,
        file,
        row ->
            visitor.record(
                row.textAt(SOURCE),
                row.intAt(PARTITION),
                row.longAt(OFFSET),
                row.longAt(INGESTED_AT),
                () -> row.isNull(VALUE) ? null : row.bytesAt(VALUE)));
  }

  @Override
  public void events(DataFile file, Consumer<RowFacts> visitor) {
    read(
        SILVER,
        file,
        row -> {
          byte[] id = row.bytesAt(EVENT_ID);
          visitor.accept(
              new RowFacts(
                  row.textAt(SOURCE),
                  row.intAt(PARTITION),
                  row.longAt(OFFSET),
                  row.longAt(INGESTED_AT),
                  Uuids.high(file.path(), id),
                  Uuids.low(file.path(), id),
                  row.longAt(EVENT_TIME),
                  0));
        });
  }

  @Override
  public void rejects(DataFile file, Consumer<RowFacts> visitor) {
    read(
        QUARANTINE,
        file,
        row ->
            visitor.accept(
                new RowFacts(
                    row.textAt(SOURCE),
                    row.intAt(PARTITION),
                    row.longAt(OFFSET),
                    row.longAt(INGESTED_AT),
                    0,
                    0,
                    0,
                    0)));
  }
}
