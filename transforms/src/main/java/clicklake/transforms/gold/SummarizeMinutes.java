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
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Turns files of silver into {@link MinuteSummary}s of minutes that have events: keyed by the day
 * since 1970, then by the minute's start in microseconds since 1970.
 *
 * <p>Files that come in one list are summarised together; of a minute that several lists have
 * events of, there are several summaries, to be merged. Bounded; no state outlives a list, a retry
 * reads its files again. What the summaries of a minute merge to does not depend on how events lie
 * in files, nor on the order of files.
 */
public final class SummarizeMinutes
    extends PTransform<
        PCollection<List<DataFile.Content>>, PCollection<KV<Long, KV<Long, MinuteSummary>>>> {
  private static final long serialVersionUID = 1L;
  private static final long MICROS_OF_DAY = 86_400_000_000L;

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
  public PCollection<KV<Long, KV<Long, MinuteSummary>>> expand(
      PCollection<List<DataFile.Content>> files) {
    return files
        .apply("SummarizeFiles", ParDo.of(new SummarizeFn(silver)))
        .setCoder(
            KvCoder.of(VarLongCoder.of(), KvCoder.of(VarLongCoder.of(), MinuteSummaryCoder.of())));
  }

  /** The summaries of some files' minutes, by start of the minute. */
  static Map<Long, MinuteSummary> summarize(TableRows silver, List<DataFile.Content> files) {
    Map<Long, MinuteSummary> byMinute = new HashMap<>();
    for (DataFile.Content file : files) {
      silver.read(file, Summaries.COLUMNS, new Summaries(file, byMinute));
    }
    return byMinute;
  }

  private static final class Summaries implements TableRows.Visitor {
    static final List<Column> COLUMNS =
        List.of(
            Tables.SILVER_EVENTS.column("event_time"),
            Tables.SILVER_EVENTS.column("action"),
            Tables.SILVER_EVENTS.column("user_id"));
    private static final Map<String, Action> ACTIONS =
        Arrays.stream(Action.values()).collect(Collectors.toMap(Action::text, Function.identity()));

    private final DataFile.Content file;
    private final Map<Long, MinuteSummary> byMinute;
    private long lastMinute = Long.MIN_VALUE;
    private MinuteSummary last = MinuteSummary.empty();

    Summaries(DataFile.Content file, Map<Long, MinuteSummary> byMinute) {
      this.file = file;
      this.byMinute = byMinute;
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

  private static final class SummarizeFn
      extends DoFn<List<DataFile.Content>, KV<Long, KV<Long, MinuteSummary>>> {
    private static final long serialVersionUID = 1L;

    private final TableRows silver;

    SummarizeFn(TableRows silver) {
      this.silver = silver;
    }

    @ProcessElement
    public void process(
        @Element List<DataFile.Content> files,
        OutputReceiver<KV<Long, KV<Long, MinuteSummary>>> out) {
      summarize(silver, files)
          .forEach(
              (minute, summary) ->
                  out.output(KV.of(Math.floorDiv(minute, MICROS_OF_DAY), KV.of(minute, summary))));
    }
  }
}
