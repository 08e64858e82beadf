package clicklake.transforms.gold;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.contract.Action;
import clicklake.schemas.lake.TableRows;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.Tables;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Turns files of silver into one {@link MinuteSummary} for each minute that has events, keyed by
 * the minute's start in microseconds since 1970.
 *
 * <p>A file is read once and summarised before anything is shuffled. Bounded; no state outlives a
 * file, a retry reads the file again. The result does not depend on how events lie in files, nor on
 * the order of files.
 */
public final class SummarizeMinutes
    extends PTransform<PCollection<DataFile.Content>, PCollection<KV<Long, MinuteSummary>>> {
  private static final long serialVersionUID = 1L;

  private final TableRows silver;

  private SummarizeMinutes(TableRows silver) {
    this.silver = silver;
  }

  /**
   * @param silver reads silver's files
   */
  public static SummarizeMinutes of(TableRows silver) {
    return new SummarizeMinutes(silver);
  }

  @Override
  public PCollection<KV<Long, MinuteSummary>> expand(PCollection<DataFile.Content> files) {
    KvCoder<Long, MinuteSummary> coder = KvCoder.of(VarLongCoder.of(), MinuteSummaryCoder.of());
    return files
        .apply("SummarizeFile", ParDo.of(new SummarizeFn(silver)))
        .setCoder(coder)
        .apply("MergeSummaries", Combine.perKey(new MergeFn()))
        .setCoder(coder);
  }

  /** The summaries of one file's minutes, by start of the minute. */
  static Map<Long, MinuteSummary> summarize(TableRows silver, DataFile.Content file) {
    Summaries summaries = new Summaries(file);
    silver.read(file, Summaries.COLUMNS, summaries);
    return summaries.byMinute;
  }

  private static final class Summaries implements TableRows.Visitor {
    static final List<Column> COLUMNS =
        List.of(
            Tables.SILVER_EVENTS.column("event_time"),
            Tables.SILVER_EVENTS.column("action"),
            Tables.SILVER_EVENTS.column("user_id"));
    private static final Map<String, Action> ACTIONS =
        Arrays.stream(Action.values()).collect(Collectors.toMap(Action::text, Function.identity()));

    final Map<Long, MinuteSummary> byMinute = new HashMap<>();
    private final DataFile.Content file;
    private long lastMinute = Long.MIN_VALUE;
    private MinuteSummary last = MinuteSummary.empty();

    Summaries(DataFile.Content file) {
      this.file = file;
    }

    @Override
    public void row(TableRows.Row row) {
      long minute = MinuteSummary.minuteOf(row.longAt(0));
      if (minute != lastMinute) {
        last = byMinute.computeIfAbsent(minute, start -> MinuteSummary.empty());
        lastMinute = minute;
      }
      String text = row.textAt(1);
      Action action = ACTIONS.get(text);
      if (action == null) {
        throw new IllegalStateException(
            "cannot count "
                + file.path()
                + " of "
                + Tables.SILVER_EVENTS
                + ": it holds action "
                + text
                + ", which this version of Clicklake does not know; use the version that wrote it");
      }
      last.add(action, row.bytesAt(2));
    }
  }

  private static final class SummarizeFn extends DoFn<DataFile.Content, KV<Long, MinuteSummary>> {
    private static final long serialVersionUID = 1L;

    private final TableRows silver;

    SummarizeFn(TableRows silver) {
      this.silver = silver;
    }

    @ProcessElement
    public void process(
        @Element DataFile.Content file, OutputReceiver<KV<Long, MinuteSummary>> out) {
      summarize(silver, file).forEach((minute, summary) -> out.output(KV.of(minute, summary)));
    }
  }

  private static final class MergeFn
      extends Combine.CombineFn<MinuteSummary, MinuteSummary, MinuteSummary> {
    private static final long serialVersionUID = 1L;

    @Override
    public MinuteSummary createAccumulator() {
      return MinuteSummary.empty();
    }

    @Override
    public MinuteSummary addInput(MinuteSummary accumulator, MinuteSummary input) {
      accumulator.addAll(input);
      return accumulator;
    }

    @Override
    public MinuteSummary mergeAccumulators(Iterable<MinuteSummary> accumulators) {
      MinuteSummary merged = MinuteSummary.empty();
      accumulators.forEach(merged::addAll);
      return merged;
    }

    @Override
    public MinuteSummary extractOutput(MinuteSummary accumulator) {
      return accumulator;
    }

    @Override
    public Coder<MinuteSummary> getAccumulatorCoder(
        CoderRegistry registry, Coder<MinuteSummary> inputCoder) {
      return MinuteSummaryCoder.of();
    }

    @Override
    public Coder<MinuteSummary> getDefaultOutputCoder(
        CoderRegistry registry, Coder<MinuteSummary> inputCoder) {
      return MinuteSummaryCoder.of();
    }
  }
}
