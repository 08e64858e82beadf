package clicklake.io.lake;

import clicklake.io.parquet.RowWriter;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.table.TableSchema;

/** The columns that bronze and quarantine have in common, by their handles in one table. */
record RecordColumns(
    int source, int partition, int offset, int ingestedAt, int key, int headers, int value) {

  /** The handles in a table. */
  static RecordColumns of(TableSchema table) {
    return new RecordColumns(
        table.index("_source"),
        table.index("_partition"),
        table.index("_offset"),
        table.index("_ingested_at"),
        table.index("_key"),
        table.index("_headers"),
        table.index("value"));
  }

  /** Puts a record as received. */
  void put(RowWriter rows, byte[] sourceName, int number, RawBatch.Cursor record) {
    byte[] bytes = record.bytes();
    rows.putBytes(source, sourceName);
    rows.putInt(partition, number);
    rows.putLong(offset, record.offset());
    rows.putLong(ingestedAt, Arrivals.micros(record.arrivalMillis()));
    putSlice(rows, key, bytes, record.keyStart(), record.keyLength());
    putSlice(rows, headers, bytes, record.headersStart(), record.headersLength());
    putSlice(rows, value, bytes, record.valueStart(), record.valueLength());
  }

  private static void putSlice(RowWriter rows, int column, byte[] bytes, int start, int length) {
    if (length < 0) {
      rows.putNull(column);
    } else {
      rows.putBytes(column, bytes, start, length);
    }
  }
}
