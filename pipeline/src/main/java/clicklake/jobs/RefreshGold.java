package clicklake.jobs;

import clicklake.io.delta.GoldLake;
import clicklake.io.delta.GoldPlan;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.DataFileContentCoder;
import clicklake.schemas.lake.PartitionFiles;
import clicklake.transforms.gold.MinuteMart;
import clicklake.transforms.gold.MinuteSummary;
import clicklake.transforms.gold.SummarizeMinutes;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PDone;

/**
 * Carries out a {@link GoldPlan}: reads each of silver's files once, writes one file for each table
 * and date, and commits each table once.
 *
 * <p>Bounded. A retry of any step leaves stray files at most: a table that has the plan's version
 * is not committed to again.
 */
final class RefreshGold extends PTransform<PBegin, PDone> {
  private static final long serialVersionUID = 1L;
  private static final int ONE_COMMITTER = 0;
  private static final Coder<List<DataFile.Content>> PART = ListCoder.of(DataFileContentCoder.of());
  private static final Coder<List<KV<String, DataFile.Content>>> WRITTEN =
      ListCoder.of(KvCoder.of(StringUtf8Coder.of(), DataFileContentCoder.of()));

  /** Files of so many bytes make one element: one summary of a minute, not one for each file. */
  private static final long PART_BYTES = 32L << 20;

  // Workers get what their step needs, not the plan with its list of files.
  private final transient GoldPlan plan;
  private final GoldLake lake;
  private final Clock clock;

  /**
   * @param clock for births of files; must be serializable
   */
  RefreshGold(GoldPlan plan, GoldLake lake, Clock clock) {
    this.plan = plan;
    this.lake = lake;
    this.clock = clock;
  }

  @Override
  public PDone expand(PBegin begin) {
    begin
        .apply("SilverFiles", Create.of(parts(plan.files())).withCoder(PART))
        .apply("SummarizeMinutes", SummarizeMinutes.of(lake.silverRows()))
        .apply("GroupByDay", GroupByKey.create())
        .apply("WriteMarts", ParDo.of(new WriteMartsFn(plan, lake.files(clock))))
        .setCoder(KvCoder.of(VarIntCoder.of(), WRITTEN))
        .apply("GroupFiles", GroupByKey.create())
        .apply("CommitTables", ParDo.of(new CommitFn(plan, lake)));
    return PDone.in(begin.getPipeline());
  }

  /** Files that are summarised together, by date, so that few summaries are of the same minute. */
  static List<List<DataFile.Content>> parts(List<DataFile.Content> files) {
    List<List<DataFile.Content>> parts = new ArrayList<>();
    List<DataFile.Content> part = List.of();
    long bytes = PART_BYTES;
    for (DataFile.Content file :
        files.stream().sorted(Comparator.comparing(content -> content.date())).toList()) {
      if (bytes >= PART_BYTES) {
        part = new ArrayList<>();
        parts.add(part);
        bytes = 0;
      }
      part.add(file);
      bytes += file.sizeBytes();
    }
    return parts;
  }

  /** Writes a day's rows of every table that needs them, by minute. */
  private static final class WriteMartsFn
      extends DoFn<
          KV<Long, Iterable<KV<Long, MinuteSummary>>>,
          KV<Integer, List<KV<String, DataFile.Content>>>> {
    private static final long serialVersionUID = 1L;

    private final HashMap<MinuteMart, Set<LocalDate>> dates = new HashMap<>();
    private final PartitionFiles files;

    WriteMartsFn(GoldPlan plan, PartitionFiles files) {
      this.files = files;
      for (MinuteMart mart : MinuteMart.values()) {
        dates.put(
            mart,
            plan.dates().stream()
                .filter(date -> plan.replaces(mart.table(), date))
                .collect(Collectors.toSet()));
      }
    }

    @ProcessElement
    public void process(
        @Element KV<Long, Iterable<KV<Long, MinuteSummary>>> day,
        OutputReceiver<KV<Integer, List<KV<String, DataFile.Content>>>> out) {
      TreeMap<Long, MinuteSummary> minutes = new TreeMap<>();
      for (KV<Long, MinuteSummary> minute : day.getValue()) {
        minutes
            .computeIfAbsent(minute.getKey(), start -> MinuteSummary.empty())
            .addAll(minute.getValue());
      }
      List<KV<String, DataFile.Content>> written = new ArrayList<>();
      for (Map.Entry<MinuteMart, Set<LocalDate>> entry : dates.entrySet()) {
        if (entry.getValue().contains(LocalDate.ofEpochDay(day.getKey()))) {
          MinuteMart mart = entry.getKey();
          DataFile.Content file =
              files.write(
                  mart.table(),
                  day.getKey(),
                  rows -> minutes.forEach((minute, summary) -> mart.rows(minute, summary, rows)));
          written.add(KV.of(mart.table().path(), file));
        }
      }
      out.output(KV.of(ONE_COMMITTER, written));
    }
  }

  /** Commits every table that the plan changes; also one of which every date vanished. */
  private static final class CommitFn
      extends DoFn<KV<Integer, Iterable<List<KV<String, DataFile.Content>>>>, Void> {
    private static final long serialVersionUID = 1L;

    private final GoldPlan plan;
    private final GoldLake lake;

    CommitFn(GoldPlan plan, GoldLake lake) {
      this.plan = plan.withoutFiles();
      this.lake = lake;
    }

    @ProcessElement
    public void process(
        @Element KV<Integer, Iterable<List<KV<String, DataFile.Content>>>> written) {
      Map<String, List<DataFile.Content>> byTable = new HashMap<>();
      for (List<KV<String, DataFile.Content>> day : written.getValue()) {
        day.forEach(
            file ->
                byTable
                    .computeIfAbsent(file.getKey(), table -> new ArrayList<>())
                    .add(file.getValue()));
      }
      for (MinuteMart mart : MinuteMart.values()) {
        lake.commit(plan, mart.table(), byTable.getOrDefault(mart.table().path(), List.of()));
      }
    }
  }
}
