package clicklake.transforms.live;

import clicklake.transforms.gold.minute.UserSketch;
import clicklake.transforms.gold.table.SilverEvent;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.AfterProcessingTime;
import org.apache.beam.sdk.transforms.windowing.AfterWatermark;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.DefaultTrigger;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.transforms.windowing.SlidingWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;

/**
 * Counts unique events by windows of one minute of event time, a second after they leave dedupe.
 *
 * <p>Each window fires every second while events come, once when the watermark passes its end, and
 * again for late ones until the allowed lateness has passed. Panes accumulate. A pane's row is the
 * figure that silver had when the run began, and what the run has seen since. How many sessions are
 * open is counted over windows of half an hour, one for each minute.
 *
 * <p>Nothing rests on the watermark: it decides when a pane is called late, and which events come
 * too late for one. When a minute is over, its figures are silver's.
 */
public final class LiveMetrics
    extends PTransform<PCollection<MinuteFigures>, PCollection<LiveRow>> {
  private static final long serialVersionUID = 1L;

  private static final org.joda.time.Duration MINUTE = org.joda.time.Duration.standardMinutes(1);
  private static final org.joda.time.Duration SECOND = org.joda.time.Duration.standardSeconds(1);
  private static final org.joda.time.Duration TEN_SECONDS = SECOND.multipliedBy(10);

  private static final org.joda.time.Duration UNLIMITED =
      org.joda.time.Duration.millis(BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis());

  private final LiveSettings settings;
  private final SilverMinutes base;
  private final int generation;
  private final boolean endless;

  /**
   * @param base silver's figures when the run begins, of the minutes that are not closed, and those
   *     before in which the last event of an open session may lie
   * @param generation of the rows
   * @param endless whether the input has no end; if it has one, the watermark leaps to it while
   *     events are still on their way, and no window is ever over
   */
  public LiveMetrics(LiveSettings settings, SilverMinutes base, int generation, boolean endless) {
    this.settings = settings;
    this.base = base;
    this.generation = generation;
    this.endless = endless;
  }

  @Override
  public PCollection<LiveRow> expand(PCollection<MinuteFigures> counted) {
    PCollection<MinuteFigures> minutes =
        counted
            .apply("OneMinuteWindows", firing(SECOND, FixedWindows.of(MINUTE)))
            .apply("AddMinutes", adding());
    PCollection<LiveRow> figures =
        minutes
            .apply("AddBase", ParDo.of(new AddBaseFn(base, generation)))
            .setCoder(LiveRow.RowCoder.of());
    PCollection<LiveRow> sessions =
        minutes
            .apply("UsersAlone", ParDo.of(new UsersAloneFn()))
            .setCoder(MinuteFigures.FiguresCoder.of())
            // Users need not be added up over half an hour every second.
            .apply("NowAndThen", firing(TEN_SECONDS, FixedWindows.of(MINUTE)))
            .apply("AddPanes", adding())
            .apply("HalfHourWindows", firing(SECOND, halfHours()))
            .apply("AddUsers", adding())
            .apply("CountSessions", ParDo.of(new CountSessionsFn(settings, base, generation)))
            .setCoder(LiveRow.RowCoder.of());
    return PCollectionList.of(outOfWindows("Figures", figures))
        .and(outOfWindows("Sessions", sessions))
        .apply("AllFigures", Flatten.pCollections());
  }

  /** Rows name their minute; where they are written to, windows mean nothing. */
  private static PCollection<LiveRow> outOfWindows(String name, PCollection<LiveRow> rows) {
    return rows.apply(
        name + "OutOfWindows",
        Window.<LiveRow>into(new GlobalWindows())
            .triggering(DefaultTrigger.of())
            .withAllowedLateness(org.joda.time.Duration.ZERO)
            .discardingFiredPanes());
  }

  private static SlidingWindows halfHours() {
    return SlidingWindows.of(MINUTE.multipliedBy(LiveTable.SESSION_MINUTES)).every(MINUTE);
  }

  private static Combine.Globally<MinuteFigures, MinuteFigures> adding() {
    return Combine.globally(new AddMinutes()).withoutDefaults();
  }

  /** Trigger, lateness and accumulation belong together, and differ in the pause alone. */
  private Window<MinuteFigures> firing(
      org.joda.time.Duration pause, WindowFn<Object, IntervalWindow> windows) {
    AfterProcessingTime soon = AfterProcessingTime.pastFirstElementInPane().plusDelayOf(pause);
    return Window.<MinuteFigures>into(windows)
        .triggering(AfterWatermark.pastEndOfWindow().withEarlyFirings(soon).withLateFirings(soon))
        .withOnTimeBehavior(Window.OnTimeBehavior.FIRE_IF_NON_EMPTY)
        .withAllowedLateness(
            endless ? org.joda.time.Duration.millis(settings.lateness().toMillis()) : UNLIMITED,
            Window.ClosingBehavior.FIRE_IF_NON_EMPTY)
        .accumulatingFiredPanes();
  }

  /**
   * Adds figures. An accumulator is changed in place, and may be written down by a runner's thread
   * meanwhile; {@link MinuteFigures} allows for that. The windows of sessions hold many minutes, of
   * which only the users come here: adding the same users again changes nothing, and so panes may
   * be added that hold those before them.
   */
  private static final class AddMinutes
      extends Combine.CombineFn<MinuteFigures, MinuteFigures, MinuteFigures> {
    private static final long serialVersionUID = 1L;

    @Override
    public MinuteFigures createAccumulator() {
      return MinuteFigures.ofNoMinute();
    }

    @Override
    public MinuteFigures addInput(MinuteFigures sum, MinuteFigures more) {
      sum.addOfFew(more);
      return sum;
    }

    @Override
    public MinuteFigures mergeAccumulators(Iterable<MinuteFigures> parts) {
      MinuteFigures sum = createAccumulator();
      parts.forEach(sum::addOfFew);
      return sum;
    }

    @Override
    public MinuteFigures extractOutput(MinuteFigures sum) {
      return sum.copy();
    }

    @Override
    public Coder<MinuteFigures> getAccumulatorCoder(
        CoderRegistry registry, Coder<MinuteFigures> input) {
      return MinuteFigures.FiguresCoder.of();
    }

    @Override
    public Coder<MinuteFigures> getDefaultOutputCoder(
        CoderRegistry registry, Coder<MinuteFigures> input) {
      return MinuteFigures.FiguresCoder.of();
    }
  }

  /** The rows of a pane: with what silver had when the run began. */
  private static final class AddBaseFn extends DoFn<MinuteFigures, LiveRow> {
    private static final long serialVersionUID = 1L;

    private final SilverMinutes base;
    private final int generation;

    AddBaseFn(SilverMinutes base, int generation) {
      this.base = base;
      this.generation = generation;
    }

    @ProcessElement
    public void process(@Element MinuteFigures seen, PaneInfo pane, OutputReceiver<LiveRow> out) {
      MinuteFigures before = base.minute(seen.minute());
      LiveTable.ofMinute(
          before == null ? seen : before.plus(seen),
          figure ->
              out.output(
                  LiveRow.ofPane(figure, seen.minute(), pane, generation, base.silverVersion())));
    }
  }

  /** Of a pane, what counts for sessions. */
  private static final class UsersAloneFn extends DoFn<MinuteFigures, MinuteFigures> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element MinuteFigures seen, OutputReceiver<MinuteFigures> out) {
      out.output(seen.usersAlone());
    }
  }

  /** The number of users of half an hour; nothing for windows that end in the future. */
  private static final class CountSessionsFn extends DoFn<MinuteFigures, LiveRow> {
    private static final long serialVersionUID = 1L;

    private final LiveSettings settings;
    private final SilverMinutes base;
    private final int generation;

    CountSessionsFn(LiveSettings settings, SilverMinutes base, int generation) {
      this.settings = settings;
      this.base = base;
      this.generation = generation;
    }

    @ProcessElement
    public void process(
        @Element MinuteFigures seen,
        PaneInfo pane,
        BoundedWindow window,
        OutputReceiver<LiveRow> out) {
      long end = (window.maxTimestamp().getMillis() + 1) * 1000;
      long minute = end - SilverEvent.MICROS_OF_MINUTE;
      if (minute > settings.clock().millis() * 1000 || minute <= settings.closedUntil()) {
        return;
      }
      UserSketch users =
          base.users(end - LiveTable.SESSION_MINUTES * SilverEvent.MICROS_OF_MINUTE, minute);
      users.addAll(seen.users());
      out.output(
          LiveRow.ofPane(
              LiveTable.sessions(users), minute, pane, generation, base.silverVersion()));
    }
  }
}
