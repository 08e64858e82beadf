package clicklake.transforms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.batch.RawBatchCoder;
import clicklake.schemas.contract.Reject;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.LakeWriters;
import clicklake.schemas.lake.SilverIds;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.spill.SpillFolder;
import clicklake.transforms.dedupe.DropDuplicates;
import clicklake.transforms.dedupe.GroupByShard;
import clicklake.transforms.parse.ParseEvents;
import clicklake.transforms.parse.ParserSettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.Test;

class TransformCountersTest {
  private static final SourcePartition TOPIC = new SourcePartition("clicks", 0, "kafka:c:t");
  private static final Instant NOON = Instant.parse("2024-03-01T12:00:00Z");

  /** Takes everything and proposes nothing. */
  private static final class NoFiles implements LakeWriters {
    private static final long serialVersionUID = 1L;

    @Override
    public Records openRecords() {
      return new Nothing();
    }

    @Override
    public Rejects openRejects() {
      return new Nothing();
    }

    @Override
    public Events openEvents() {
      return new Nothing();
    }

    private static final class Nothing
        implements LakeWriters.Records, LakeWriters.Rejects, LakeWriters.Events {
      @Override
      public void write(SourcePartition partition, RawBatch.Cursor record) {}

      @Override
      public void write(SourcePartition partition, RawBatch.Cursor record, Reject reject) {}

      @Override
      public void write(EventBatch.Cursor event, boolean conflicting) {}

      @Override
      public void duplicate(EventBatch.Cursor event, boolean inSilver, boolean conflict) {}

      @Override
      public void cover(SourcePartition partition, OffsetRanges positions) {}

      @Override
      public void end(SourcePartition partition, long offset) {}

      @Override
      public void seen(long version) {}

      @Override
      public void asOf(SilverIds.Version version) {}

      @Override
      public List<Proposal> finish() {
        return List.of();
      }

      @Override
      public void close() {}
    }
  }

  /** Silver with three events of one date. */
  private record Silver(LakeLocation lake) implements SilverIds {
    private static final long serialVersionUID = 1L;

    @Override
    public Version latest() {
      return new Version("silver", 0);
    }

    @Override
    public void scan(Version version, Set<LocalDate> dates, Visitor visitor) {
      if (dates.contains(LocalDate.parse("2024-03-01"))) {
        for (int i = 0; i < 3; i++) {
          visitor.event(100 + i, 100 + i, NOON.getEpochSecond() * 1_000_000, 7);
        }
      }
    }

    @Override
    public boolean showAdded(Version since, Version until, Consumer<AddedFile> visitor) {
      return true;
    }

    @Override
    public void scan(List<AddedFile> files, Visitor visitor) {
      throw new AssertionError(files);
    }

    @Override
    public Map<SourcePartition, OffsetRanges> covered(Set<SourcePartition> partitions) {
      return Map.of();
    }
  }

  private static String event(int id, String time, String page) {
    return String.format(
        "{\"event_id\":\"00000000-0000-4000-8000-%012d\",\"schema_version\":1,\"event_time\":\"%s\","
            + "\"user_id\":\"ann\",\"action\":\"view\",\"page\":\"%s\"}",
        id, time, page);
  }

  private static RawBatch batch(String... values) {
    RawBatch.Builder builder = new RawBatch.Builder(TOPIC, 0);
    for (int i = 0; i < values.length; i++) {
      builder.add(i, NOON.toEpochMilli(), null, null, ByteBuffer.wrap(values[i].getBytes(UTF_8)));
    }
    return builder.build(values.length, RawBatch.Seen.NOTHING);
  }

  private static Map<String, Long> counts(PipelineResult result) {
    Map<String, Long> counts = new TreeMap<>();
    for (MetricResult<Long> counter :
        result.metrics().queryMetrics(MetricsFilter.builder().build()).getCounters()) {
      counts.put(
          counter.getName().getNamespace() + "." + counter.getName().getName(),
          counter.getCommitted());
    }
    return counts;
  }

  @Test
  void parseAndDedupeCountEveryRecordOnce() {
    RawBatch batch =
        batch(
            event(1, "2024-03-01T11:00:00Z", "/a"),
            event(1, "2024-03-01T11:00:00Z", "/a"),
            event(1, "2024-03-01T11:00:00Z", "/b"),
            event(1, "2024-03-01T11:30:00Z", "/c"),
            event(2, "2024-03-01T11:00:00Z", "/a"),
            "broken",
            "[]",
            "{",
            "");
    Pipeline pipeline =
        Pipeline.create(
            PipelineOptionsFactory.fromArgs("--runner=DirectRunner", "--targetParallelism=1")
                .create());
    pipeline
        .apply(Create.of(batch).withCoder(RawBatchCoder.of()))
        .apply("ParseEvents", new ParseEvents(ParserSettings.DEFAULTS, 2, new NoFiles()))
        .apply("GroupByShard", new GroupByShard(null))
        .apply(
            "DropDuplicates",
            new DropDuplicates(
                new DropDuplicates.Settings(Duration.ofHours(24), 2, 1_000, SpillFolder.OF_JVM),
                new Silver(LakeLocation.of("lake of TransformCountersTest")),
                new NoFiles()));

    PipelineResult result = pipeline.run();
    result.waitUntilFinish();

    long bytes = 5L * event(1, "2024-03-01T11:00:00Z", "/a").length() + "broken[]{".length();
    assertThat(counts(result))
        .isEqualTo(
            new TreeMap<>(
                Map.ofEntries(
                    Map.entry("parse.records", 9L),
                    Map.entry("parse.bytes", bytes),
                    Map.entry("parse.events", 5L),
                    Map.entry("parse.rejects_not_json", 2L),
                    Map.entry("parse.rejects_not_object", 1L),
                    Map.entry("parse.rejects_empty_value", 1L),
                    Map.entry("dedupe.rows", 2L),
                    Map.entry("dedupe.conflicting_rows", 1L),
                    Map.entry("dedupe.copies", 1L),
                    Map.entry("dedupe.conflicts", 1L),
                    Map.entry("dedupe.ids_loaded", 3L))));
  }
}
