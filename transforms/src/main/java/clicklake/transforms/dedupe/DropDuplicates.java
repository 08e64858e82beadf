package clicklake.transforms.dedupe;

import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.batch.ProposalCoder;
import clicklake.schemas.batch.ShardElement;
import clicklake.schemas.batch.ShardKey;
import clicklake.schemas.fault.FailPoint;
import clicklake.schemas.lake.LakeWriters;
import clicklake.schemas.lake.OpenLakes;
import clicklake.schemas.lake.SilverIds;
import clicklake.schemas.spill.SpillFolder;
import clicklake.transforms.live.CountMinutes;
import clicklake.transforms.live.LiveSettings;
import clicklake.transforms.live.MinuteFigures;
import java.io.Serializable;
import java.time.Duration;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Writes every event that is not known to be a copy to files for silver, proposes the files, and
 * counts these events by minute, where somebody wants that.
 *
 * <p>Takes elements grouped by shard, in any order and any number of times; proposals pass through.
 * One bundle gives at most a few files per event date. There is no runner state: the cache of
 * silver's ids belongs to the process, is shared by all its workers, and is read from the lake when
 * it is lost. Rows that are proposed twice, or because the cache was stale, are dropped by silver's
 * committer.
 *
 * <p>Rows, copies, conflicts and the cache's ids are counted: see {@link
 * clicklake.transforms.TransformCounters}.
 */
public final class DropDuplicates
    extends PTransform<PCollection<KV<ShardKey, Iterable<ShardElement>>>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  /** The output that goes to the committer. */
  public static final TupleTag<Proposal> PROPOSALS = new TupleTag<>("proposals") {};

  /**
   * The output with figures of minutes, each with its minute as timestamp; there if events are
   * counted. It holds what was not known to be a copy: a committer may drop some, and a run that is
   * repeated counts again.
   */
  public static final TupleTag<MinuteFigures> MINUTES = new TupleTag<>("minutes") {};

  private final Settings settings;
  private final SilverIds silver;
  private final LakeWriters writers;
  private final @Nullable LiveSettings live;

  /**
   * @param horizon largest distance of the event times of one event
   * @param shards into how many shards the elements are grouped
   * @param maxKnownEvents of silver's ids the process keeps no more than these on its heap, and
   *     fewer if it has little memory; the others are in temporary files
   * @param spills takes these files
   */
  public record Settings(Duration horizon, int shards, int maxKnownEvents, SpillFolder spills)
      implements Serializable {}

  /** Counts nothing. */
  public DropDuplicates(Settings settings, SilverIds silver, LakeWriters writers) {
    this(settings, silver, writers, null);
  }

  /**
   * @param live which minutes are counted; null for none
   */
  public DropDuplicates(
      Settings settings, SilverIds silver, LakeWriters writers, @Nullable LiveSettings live) {
    this.settings = settings;
    this.silver = silver;
    this.writers = writers;
    this.live = live;
  }

  @Override
  public PCollectionTuple expand(PCollection<KV<ShardKey, Iterable<ShardElement>>> elements) {
    PCollectionTuple outputs =
        elements.apply(
            "WriteEvents",
            ParDo.of(new WriteEventsFn(settings, silver, writers, live))
                .withOutputTags(
                    PROPOSALS, live == null ? TupleTagList.empty() : TupleTagList.of(MINUTES)));
    outputs.get(PROPOSALS).setCoder(ProposalCoder.of());
    if (live != null) {
      outputs.get(MINUTES).setCoder(MinuteFigures.FiguresCoder.of());
    }
    return outputs;
  }

  private static final class WriteEventsFn
      extends DoFn<KV<ShardKey, Iterable<ShardElement>>, Proposal> {
    private static final long serialVersionUID = 1L;

    private final Settings settings;
    private final SilverIds silver;
    private final LakeWriters writers;
    private transient LakeWriters.@Nullable Events writer;
    private transient @Nullable KnownEvents known;
    private transient WrittenPositions written = new WrittenPositions();
    private transient @Nullable DedupeCounts counts;
    private final @Nullable LiveSettings live;
    private transient @Nullable CountMinutes minutes;

    WriteEventsFn(
        Settings settings, SilverIds silver, LakeWriters writers, @Nullable LiveSettings live) {
      this.settings = settings;
      this.silver = silver;
      this.writers = writers;
      this.live = live;
    }

    /** Minutes are older than the batch that their events came in. */
    @Override
    @SuppressWarnings("deprecation")
    public org.joda.time.Duration getAllowedTimestampSkew() {
      return org.joda.time.Duration.millis(Long.MAX_VALUE);
    }

    @Setup
    public void setup() {
      if (live != null) {
        minutes = new CountMinutes(live);
      }
    }

    /** The one cache of this lake in this process. */
    private KnownEvents known() {
      KnownEvents cache = known;
      if (cache == null) {
        cache =
            OpenLakes.of(
                silver.lake(),
                KnownEvents.class,
                settings,
                () ->
                    new KnownEvents(
                        silver,
                        settings.horizon(),
                        settings.shards(),
                        KnownEvents.atMost(
                            settings.maxKnownEvents(), Runtime.getRuntime().maxMemory()),
                        settings.spills()));
        known = cache;
      }
      return cache;
    }

    @StartBundle
    public void startBundle() {
      if (writer != null) {
        writer.close();
        writer = null;
      }
    }

    @ProcessElement
    public void process(
        @Element KV<ShardKey, Iterable<ShardElement>> shard, MultiOutputReceiver outputs) {
      OutputReceiver<Proposal> out = outputs.get(PROPOSALS);
      KnownEvents refreshed = null;
      CountMinutes counting = minutes;
      if (counting != null) {
        counting.begin();
      }
      for (ShardElement element : shard.getValue()) {
        if (element instanceof Proposal file) {
          out.output(file);
        } else if (element instanceof EventBatch batch) {
          if (refreshed == null) {
            refreshed = known();
            refreshed.refresh();
          }
          write(refreshed, batch);
        }
      }
      if (refreshed != null) {
        counts().report(refreshed);
      }
      if (counting != null) {
        OutputReceiver<MinuteFigures> counted = outputs.get(MINUTES);
        counting.drain(
            figures -> counted.outputWithTimestamp(figures, new Instant(figures.minute() / 1000)));
      }
    }

    private DedupeCounts counts() {
      DedupeCounts since = counts;
      if (since == null) {
        since = new DedupeCounts();
        counts = since;
      }
      return since;
    }

    private void write(KnownEvents cache, EventBatch batch) {
      LakeWriters.Events events = writer;
      if (events == null) {
        events = writers.openEvents();
        writer = events;
        written = new WrittenPositions();
      }
      try (KnownEvents.Decisions decisions = cache.decide(batch)) {
        events.asOf(decisions.version());
        while (decisions.next()) {
          switch (decisions.verdict()) {
            case NEW -> write(events, decisions.event(), false);
            case CONFLICTING -> write(events, decisions.event(), true);
            case COPY_OF_COMMITTED -> duplicate(events, decisions.event(), true, false);
            case COPY_OF_PENDING -> duplicate(events, decisions.event(), false, false);
            case CONFLICT_WITH_COMMITTED -> duplicate(events, decisions.event(), true, true);
            case CONFLICT_WITH_PENDING -> duplicate(events, decisions.event(), false, true);
          }
        }
      }
    }

    private void write(LakeWriters.Events events, EventBatch.Cursor event, boolean conflicting) {
      if (written.add(event.partition(), event.offset())) {
        events.write(event, conflicting);
        counts().row(conflicting);
        if (minutes != null) {
          minutes.count(event);
        }
      }
    }

    private void duplicate(
        LakeWriters.Events events,
        EventBatch.Cursor event,
        boolean originalInSilver,
        boolean conflict) {
      events.duplicate(event, originalInSilver, conflict);
      counts().duplicate(conflict);
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      LakeWriters.Events events = writer;
      if (events == null) {
        return;
      }
      writer = null;
      written = new WrittenPositions();
      try (events) {
        for (Proposal file : events.finish()) {
          known().proposed(file);
          context.output(file, timestamp(), GlobalWindow.INSTANCE);
        }
        FailPoint.EVENTS_WRITTEN.reach();
      }
    }

    private static Instant timestamp() {
      return BoundedWindow.TIMESTAMP_MIN_VALUE;
    }

    @Teardown
    public void teardown() {
      if (writer != null) {
        writer.close();
        writer = null;
      }
      known = null;
    }
  }
}
