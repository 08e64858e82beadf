package clicklake.bench.flink;

import clicklake.bench.events.Table;





import java.io.IOException;
import java.io.Serializable;
import org.apache.flink.api.common.serialization.BulkWriter;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.Binary;

/** Parquet over Flink's streams. */
final class ParquetFiles<T> implements BulkWriter.Factory<T> {
  private static final long serialVersionUID = 1L;
  private static final int ROWS_PER_LOOK_AT_THE_CLOCK = 1024;

  private final Table table;
  private final RowsFrom<T> rows;
  private final String codec;
  private final int level;

  ParquetFiles(Table table, RowsFrom<T> rows, String codec, int level) {
    this.table = table;
    this.rows = rows;
    this.codec = codec;
    this.level = level;
  }

  /** Sets a row from an element. */
  interface Fill<T> {
    void fill(Table.Row row, T element);
  }

  /** Makes one {@link Fill} for each file. */
  interface RowsFrom<T> extends Serializable {
    Fill<T> open();
  }

  @Override
  public BulkWriter<T> create(FSDataOutputStream stream) throws IOException {
    ParquetWriter<Table.Row> writer = table.open(new StreamFile(stream), codec, level);
    Fill<T> fill = rows.open();
    Table.Row row = new Table.Row();
    row.source = Binary.fromString("landing");
    return new BulkWriter<>() {
      private int written;

      @Override
      public void addElement(T element) throws IOException {
        if (written++ % ROWS_PER_LOOK_AT_THE_CLOCK == 0) {
          row.ingestMicros = System.currentTimeMillis() * 1000;
        }
        fill.fill(row, element);
        writer.write(row);
      }

      @Override
      public void flush() {}

      @Override
      public void finish() throws IOException {
        writer.close();
      }
    };
  }

  private record StreamFile(FSDataOutputStream stream) implements OutputFile {
    @Override
    public PositionOutputStream create(long blockSize) {
      return new PositionOutputStream() {
        @Override
        public long getPos() throws IOException {
          return stream.getPos();
        }

        @Override
        public void write(int value) throws IOException {
          stream.write(value);
        }

        @Override
        public void write(byte[] bytes, int start, int length) throws IOException {
          stream.write(bytes, start, length);
        }

        @Override
        public void flush() throws IOException {
          stream.flush();
        }
      };
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSize) {
      return create(blockSize);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }
}
