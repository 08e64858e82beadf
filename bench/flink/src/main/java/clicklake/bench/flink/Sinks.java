package clicklake.bench.flink;

import clicklake.bench.events.Event;
import clicklake.bench.events.Minute;
import clicklake.bench.events.Pseudonyms;
import clicklake.bench.events.Settings;
import clicklake.bench.events.Table;





import java.io.Serializable;
import java.nio.file.Path;
import java.time.LocalDate;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.functions.sink.filesystem.BucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.OutputFileConfig;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.BasePathBucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.SimpleVersionedStringSerializer;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;

/** The tables as exactly-once file sinks: a file per date and checkpoint. */
final class Sinks {
  private static final long MILLIS_PER_DAY = 86_400_000L;

  private final Path folder;
  private final Settings settings;

  Sinks(Path folder, Settings settings) {
    this.folder = folder;
    this.settings = settings;
  }

  FileSink<byte[]> bronze() {
    return sink(Table.BRONZE, FromLine::new, new ByDate<>("ingest_date=", (line, now) -> now));
  }

  FileSink<Tuple2<byte[], String>> quarantine() {
    return sink(
        Table.QUARANTINE, FromRefused::new, new ByDate<>("ingest_date=", (line, now) -> now));
  }

  FileSink<Event> silver() {
    return sink(
        Table.SILVER,
        FromEvent::new,
        new ByDate<>("event_date=", (event, now) -> Math.floorDiv(event.micros, 1000L)));
  }

  FileSink<Minute> gold() {
    return sink(Table.GOLD, FromMinute::new, new BasePathBucketAssigner<>());
  }

  private <T> FileSink<T> sink(
      Table table, ParquetFiles.RowsFrom<T> rows, BucketAssigner<T, String> partitions) {
    return FileSink.forBulkFormat(
            new org.apache.flink.core.fs.Path(folder.resolve(table.folder()).toUri()),
            new ParquetFiles<>(
                table, rows, settings.text("codec"), settings.number(table.levelSetting())))
        .withBucketAssigner(partitions)
        .withRollingPolicy(OnCheckpointRollingPolicy.build())
        .withOutputFileConfig(new OutputFileConfig("part", ".parquet"))
        .build();
  }

  private static final class FromLine implements ParquetFiles.Fill<byte[]> {
    private final Event event = new Event();
    private long lines;

    @Override
    public void fill(Table.Row row, byte[] line) {
      event.line = line;
      event.lineLength = line.length - Event.PADDING;
      row.event = event;
      row.position = lines++;
    }
  }

  private static final class FromRefused implements ParquetFiles.Fill<Tuple2<byte[], String>> {
    private final Event event = new Event();

    @Override
    public void fill(Table.Row row, Tuple2<byte[], String> refused) {
      event.line = refused.f0;
      event.lineLength = refused.f0.length - Event.PADDING;
      event.reason = refused.f1;
      row.event = event;
    }
  }

  private static final class FromEvent implements ParquetFiles.Fill<Event> {
    private final Pseudonyms pseudonyms = new Pseudonyms();

    @Override
    public void fill(Table.Row row, Event event) {
      pseudonyms.set(event);
      row.event = event;
    }
  }

  private static final class FromMinute implements ParquetFiles.Fill<Minute> {
    @Override
    public void fill(Table.Row row, Minute minute) {
      row.minute = minute;
    }
  }

  /** An element's time in milliseconds, given the time it is now. */
  private interface TimeOf<T> extends Serializable {
    long millis(T element, long now);
  }

  private static final class ByDate<T> implements BucketAssigner<T, String> {
    private static final long serialVersionUID = 1L;
    private final String prefix;
    private final TimeOf<T> time;
    private transient long day;
    private transient String name;

    private ByDate(String prefix, TimeOf<T> time) {
      this.prefix = prefix;
      this.time = time;
    }

    @Override
    public String getBucketId(T element, Context context) {
      long millis = time.millis(element, context.currentProcessingTime());
      long newDay = Math.floorDiv(millis, MILLIS_PER_DAY);
      if (name == null || newDay != day) {
        day = newDay;
        name = prefix + LocalDate.ofEpochDay(day);
      }
      return name;
    }

    @Override
    public SimpleVersionedSerializer<String> getSerializer() {
      return SimpleVersionedStringSerializer.INSTANCE;
    }
  }
}
