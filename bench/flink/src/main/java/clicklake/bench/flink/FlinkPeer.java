package clicklake.bench.flink;

import clicklake.bench.events.Event;
import clicklake.bench.events.EventReader;
import clicklake.bench.events.Settings;
import clicklake.bench.events.Stopwatch;





import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * A native Flink job in an embedded mini cluster: parallelism 2, checkpoints on, exactly-once file
 * sinks that publish Parquet at each checkpoint.
 *
 * <p>Arguments: {@code SOURCE OUT [parser=jackson|hand] [codec=zstd|snappy] [level=3]
 * [linesLevel=1] [state=heap|rocksdb] [checkpoint=10]}, the last in seconds; SOURCE is a folder of NDJSON, or
 * {@code kafka:HOST:PORT/TOPIC}, read up to where it ends at the start.
 *
 * <p>Tuned: objects are reused, an event is cut into slices once and travels as such with a
 * serializer of its own, ids are keyed as two longs, files are read in order with big buffers, and
 * Parquet is written from slices without a row object. What it does not do: its tables are folders
 * of files without a log, so a reader sees none of them together; a restart needs its checkpoint,
 * and forgets ids after an hour; nothing names the source's positions or proves what became of
 * them.
 */
public final class FlinkPeer {
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "parser", "jackson", "codec", "zstd", "level", "3", "linesLevel", "1", "state", "heap",
          "checkpoint", "10");

  private static final Duration OUT_OF_ORDER = Duration.ofMinutes(10);
  private static final Duration REMEMBERED = Duration.ofHours(1);
  private static final OutputTag<Tuple2<byte[], String>> REFUSED = new OutputTag<>("refused") {};

  private FlinkPeer() {}

  /** Runs the job and prints one line of JSON. */
  public static void main(String[] args) throws Exception {
    Settings settings = Settings.of(DEFAULTS, args, 2);
    Path folder = Path.of(args[1]);
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(2, configuration(folder, settings));
    Stopwatch stopwatch = new Stopwatch();
    build(environment, args[0], new Sinks(folder, settings), settings);
    environment.execute("peer");
    System.out.println(stopwatch.json("flink", ""));
    System.exit(0); // the mini cluster's threads would take their time
  }

  private static Configuration configuration(Path folder, Settings settings) {
    Configuration configuration = new Configuration();
    Map.ofEntries(
            Map.entry("taskmanager.memory.network.min", "128mb"),
            Map.entry("taskmanager.memory.network.max", "128mb"),
            Map.entry("taskmanager.memory.managed.size", "512mb"),
            Map.entry("taskmanager.numberOfTaskSlots", "2"),
            Map.entry("rest.address", "127.0.0.1"),
            Map.entry("rest.bind-address", "127.0.0.1"),
            Map.entry("rest.port", "0"),
            Map.entry("jobmanager.bind-host", "127.0.0.1"),
            Map.entry("taskmanager.bind-host", "127.0.0.1"),
            Map.entry("taskmanager.host", "127.0.0.1"),
            Map.entry(
                "state.backend.type",
                settings.text("state").equals("heap") ? "hashmap" : "rocksdb"),
            Map.entry("execution.checkpointing.incremental", "true"),
            Map.entry(
                "execution.checkpointing.dir", folder.resolve("_checkpoints").toUri().toString()),
            Map.entry("execution.checkpointing.interval", settings.text("checkpoint") + "s"),
            Map.entry("io.tmp.dirs", folder.resolve("_tmp").toString()),
            Map.entry("pipeline.object-reuse", "true"),
            Map.entry("pipeline.generic-types", "true"),
            Map.entry("execution.buffer-timeout.interval", "100ms"),
            Map.entry("source.file.stream.io-fetch-size", "1mb"))
        .forEach(configuration::setString);
    return configuration;
  }

  private static void build(
      StreamExecutionEnvironment environment, String source, Sinks sinks, Settings settings) {
    DataStream<byte[]> lines = read(environment, source);
    lines.sinkTo(sinks.bronze()).name("bronze");

    SingleOutputStreamOperator<Event> events =
        lines.process(new Parse(settings.text("parser"))).returns(new EventType()).name("parse");
    events.getSideOutput(REFUSED).sinkTo(sinks.quarantine()).name("quarantine");

    SingleOutputStreamOperator<Event> unique =
        events
            .assignTimestampsAndWatermarks(
                WatermarkStrategy.<Event>forBoundedOutOfOrderness(OUT_OF_ORDER)
                    .withTimestampAssigner((event, before) -> event.micros / 1000))
            .keyBy(
                event -> Tuple2.of(event.idHigh, event.idLow), Types.TUPLE(Types.LONG, Types.LONG))
            .process(new DropDuplicates())
            .returns(new EventType())
            .name("drop duplicates");
    unique.sinkTo(sinks.silver()).name("silver");

    // Counted in two halves first: with one key for a minute, one of the two slots would idle.
    unique
        .map(
            event ->
                Tuple3.of(
                    (int) Math.floorDiv(event.micros, 60_000_000L) * 2 + (int) (event.idLow & 1),
                    event.action,
                    event.userHash()))
        .returns(Types.TUPLE(Types.INT, Types.INT, Types.LONG))
        .keyBy(event -> event.f0, Types.INT)
        .window(TumblingEventTimeWindows.of(Duration.ofMinutes(1)))
        .aggregate(new MinuteCounts.OfEvents(), new MinuteCounts.Stamp<Integer>())
        .keyBy(minute -> minute.minute, Types.LONG)
        .window(TumblingEventTimeWindows.of(Duration.ofMinutes(1)))
        .aggregate(new MinuteCounts.OfHalves(), new MinuteCounts.Stamp<Long>())
        .sinkTo(sinks.gold())
        .setParallelism(1)
        .name("gold");
  }

  private static DataStream<byte[]> read(StreamExecutionEnvironment environment, String source) {
    if (!source.startsWith("kafka:")) {
      return environment.fromSource(
          FileSource.forRecordStreamFormat(
                  new LineFormat(), new org.apache.flink.core.fs.Path(source))
              .setSplitAssigner(InOrder::new)
              .build(),
          WatermarkStrategy.noWatermarks(),
          "files");
    }
    String[] place = source.substring("kafka:".length()).split("/", 2);
    return environment.fromSource(
        KafkaSource.<byte[]>builder()
            .setBootstrapServers(place[0])
            .setTopics(place[1])
            .setGroupId("peer-flink")
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setBounded(OffsetsInitializer.latest())
            .setProperty("fetch.max.bytes", "52428800")
            .setProperty("max.partition.fetch.bytes", "8388608")
            .setProperty("max.poll.records", "5000")
            .setValueOnlyDeserializer(new Padded())
            .build(),
        WatermarkStrategy.noWatermarks(),
        "kafka");
  }

  /** A record's value with what {@link EventReader} needs behind it. */
  private static final class Padded implements DeserializationSchema<byte[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public byte[] deserialize(byte[] value) {
      return Arrays.copyOf(value, value.length + Event.PADDING);
    }

    @Override
    public boolean isEndOfStream(byte[] value) {
      return false;
    }

    @Override
    public TypeInformation<byte[]> getProducedType() {
      return PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO;
    }
  }

  private static final class Parse extends ProcessFunction<byte[], Event> {
    private static final long serialVersionUID = 1L;
    private final String parser;
    private transient EventReader reader;
    private transient Event event;

    private Parse(String parser) {
      this.parser = parser;
    }

    @Override
    public void open(OpenContext context) {
      reader = EventReader.named(parser);
      event = new Event();
    }

    @Override
    public void processElement(byte[] line, Context context, Collector<Event> out) {
      reader.read(line, 0, line.length - Event.PADDING, event);
      if (event.reason == null) {
        out.collect(event);
      } else {
        context.output(REFUSED, Tuple2.of(line, event.reason));
      }
    }
  }

  private static final class DropDuplicates
      extends KeyedProcessFunction<Tuple2<Long, Long>, Event, Event> {
    private static final long serialVersionUID = 1L;
    private transient ValueState<Boolean> seen;

    @Override
    public void open(OpenContext context) {
      ValueStateDescriptor<Boolean> descriptor = new ValueStateDescriptor<>("seen", Types.BOOLEAN);
      descriptor.enableTimeToLive(
          StateTtlConfig.newBuilder(REMEMBERED)
              .setUpdateType(StateTtlConfig.UpdateType.OnCreateAndWrite)
              .cleanupIncrementally(1, false)
              .build());
      seen = getRuntimeContext().getState(descriptor);
    }

    @Override
    public void processElement(Event event, Context context, Collector<Event> out)
        throws Exception {
      if (seen.value() == null) {
        seen.update(true);
        out.collect(event);
      }
    }
  }
}
