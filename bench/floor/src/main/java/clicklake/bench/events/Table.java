package clicklake.bench.events;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.Type;

/**
 * The four tables, as Parquet written by hand from slices. Row groups of 64 MiB and pages of 1 MiB;
 * dictionaries for all but raw lines, ids, positions and times.
 */
public enum Table {
  BRONZE(
      """
      message bronze {
        optional binary raw (STRING);
        optional int64 ingest_time (TIMESTAMP(MICROS,true));
        optional binary source (STRING);
        optional int64 position;
      }\
      """) {
    @Override
    void write(Row row, Columns to) {
      to.bytes(0, row.event.line, row.event.lineStart, row.event.lineLength);
      to.number(1, row.ingestMicros);
      to.binary(2, row.source);
      to.number(3, row.position);
    }
  },
  QUARANTINE(
      """
      message quarantine {
        optional binary raw (STRING);
        optional binary reason (STRING);
        optional int64 ingest_time (TIMESTAMP(MICROS,true));
        optional binary source (STRING);
      }\
      """) {
    @Override
    void write(Row row, Columns to) {
      to.bytes(0, row.event.line, row.event.lineStart, row.event.lineLength);
      to.binary(1, Binary.fromString(row.event.reason));
      to.number(2, row.ingestMicros);
      to.binary(3, row.source);
    }
  },
  SILVER(
      """
      message silver {
        optional binary event_id (STRING);
        optional int32 schema_version;
        optional int64 event_time (TIMESTAMP(MICROS,true));
        optional binary user_key (STRING);
        optional binary action (STRING);
        optional binary page (STRING);
        optional binary referrer (STRING);
        optional binary device_type (STRING);
        optional binary country (STRING);
        optional binary ip_key (STRING);
        optional binary user_agent (STRING);
        optional binary source (STRING);
        optional binary product_id (STRING);
        optional double price;
        optional binary _rescued_data (STRING);
        optional int64 ingest_time (TIMESTAMP(MICROS,true));
      }\
      """) {
    @Override
    void write(Row row, Columns to) {
      Event event = row.event;
      to.text(Event.ID, event);
      to.integer(Event.VERSION, event.version);
      to.number(Event.TIME, event.micros);
      to.bytes(Event.USER, event.userKey, 0, event.userKey.length);
      for (int field = Event.ACTION; field < Event.IP; field++) {
        to.text(field, event);
      }
      if (event.hasIp()) {
        to.bytes(Event.IP, event.ipKey, 0, event.ipKey.length);
      }
      for (int field = Event.IP + 1; field < Event.PRICE; field++) {
        to.text(field, event);
      }
      if (event.hasPrice) {
        to.real(Event.PRICE, event.price);
      }
      if (event.rescuedLength > 0) {
        to.bytes(14, event.rescued, 0, event.rescuedLength);
      }
      to.number(15, row.ingestMicros);
    }
  },
  GOLD(
      """
      message gold {
        optional int64 minute (TIMESTAMP(MICROS,true));
        optional int64 view;
        optional int64 click;
        optional int64 add_to_cart;
        optional int64 purchase;
        optional int64 users;
      }\
      """) {
    @Override
    void write(Row row, Columns to) {
      to.number(0, row.minute.minute * 60_000_000L);
      for (int action = 0; action < row.minute.actions.length; action++) {
        to.number(1 + action, row.minute.actions[action]);
      }
      to.number(1 + row.minute.actions.length, row.minute.users());
    }
  };

  private final MessageType type;

  Table(String type) {
    this.type = MessageTypeParser.parseMessageType(type);
  }

  abstract void write(Row row, Columns to);

  /** The folder's name. */
  public String folder() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The setting with the table's level of ZSTD. Lines as received are so like each other that the
   * lightest level makes them no larger.
   */
  public String levelSetting() {
    return this == BRONZE || this == QUARANTINE ? "linesLevel" : "level";
  }

  /** What a row is made of: an event, or for gold a minute. */
  public static final class Row {
    public Event event;
    public Minute minute;
    public Binary source;
    public long ingestMicros;
    public long position;
  }

  /**
   * Opens a file.
   *
   * @param codec of Parquet, as {@code zstd} or {@code snappy}
   * @param level of ZSTD
   */
  public ParquetWriter<Row> open(OutputFile file, String codec, int level) throws IOException {
    PlainParquetConfiguration configuration = new PlainParquetConfiguration();
    configuration.setInt("parquet.compression.codec.zstd.level", level);
    return new Builder(file)
        .withConf(configuration)
        .withCompressionCodec(CompressionCodecName.valueOf(codec.toUpperCase(Locale.ROOT)))
        .withDictionaryEncoding(true)
        .withDictionaryEncoding("raw", false)
        .withDictionaryEncoding("event_id", false)
        .withDictionaryEncoding("position", false)
        .withDictionaryEncoding("event_time", false)
        .withRowGroupSize(64L << 20)
        .withPageSize(1 << 20)
        .withValidation(false)
        .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
        .build();
  }

  private final class Builder extends ParquetWriter.Builder<Row, Builder> {
    private Builder(OutputFile file) {
      super(file);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<Row> getWriteSupport(Configuration configuration) {
      return new Columns();
    }

    @Override
    protected WriteSupport<Row> getWriteSupport(ParquetConfiguration configuration) {
      return new Columns();
    }
  }

  /** Hands rows to Parquet. */
  final class Columns extends WriteSupport<Row> {
    private final String[] names =
        type.getFields().stream().map(Type::getName).toArray(String[]::new);
    private RecordConsumer consumer;

    @Override
    public WriteContext init(Configuration configuration) {
      return new WriteContext(type, Map.of());
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
      return new WriteContext(type, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
      consumer = recordConsumer;
    }

    @Override
    public void write(Row row) {
      consumer.startMessage();
      Table.this.write(row, this);
      consumer.endMessage();
    }

    private void text(int field, Event event) {
      if (event.lengths[field] >= 0) {
        bytes(field, event.texts, event.starts[field], event.lengths[field]);
      }
    }

    private void bytes(int column, byte[] bytes, int start, int length) {
      binary(column, Binary.fromReusedByteArray(bytes, start, length));
    }

    private void binary(int column, Binary value) {
      consumer.startField(names[column], column);
      consumer.addBinary(value);
      consumer.endField(names[column], column);
    }

    private void integer(int column, int value) {
      consumer.startField(names[column], column);
      consumer.addInteger(value);
      consumer.endField(names[column], column);
    }

    private void number(int column, long value) {
      consumer.startField(names[column], column);
      consumer.addLong(value);
      consumer.endField(names[column], column);
    }

    private void real(int column, double value) {
      consumer.startField(names[column], column);
      consumer.addDouble(value);
      consumer.endField(names[column], column);
    }
  }
}
