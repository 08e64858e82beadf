package clicklake.jobs;

import clicklake.io.delta.GoldLake;
import clicklake.io.delta.GoldPlan;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.DataFileContentCoder;
import clicklake.schemas.lake.PartitionFiles;
import clicklake.schemas.lake.TableRows;
import clicklake.transforms.gold.MinuteMart;
import clicklake.transforms.gold.MinuteSummary;
import clicklake.transforms.gold.MinuteSummaryCoder;
import clicklake.transforms.gold.SummarizeMinutes;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
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
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
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
  private static final long MICROS_OF_DAY = 86_400_000_000L;
  private static final Coder<KV<String, List<DataFile.Content>>> WRITTEN =
      KvCoder.of(StringUtf8Coder.of(), ListCoder.of(DataFileContentCoder.of()));

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
    TableRows silver = lake.silverRows();
    PCollection<KV<String, List<DataFile.Content>>> written =
        begin
            .apply("SilverFiles", Create.of(plan.files()).withCoder(DataFileContentCoder.of()))
            .apply("Spread", Reshuffle.viaRandomKey())
            .apply("SummarizeMinutes", SummarizeMinutes.of(silver))
            .apply("KeyByDay", ParDo.of(new KeyByDayFn()))
            .setCoder(
                KvCoder.of(
                    VarLongCoder.of(), KvCoder.of(VarLongCoder.of(), MinuteSummaryCoder.of())))
            .apply("GroupByDay", GroupByKey.create())
            .apply("WriteMarts", ParDo.of(new WriteMartsFn(plan, lake.files(clock))))
            .setCoder(WRITTEN);
    // A table of which every date vanished gets no file, and must be committed to all the same.
    PCollection<KV<String, List<DataFile.Content>>> tables =
        begin.apply(
            "Tables",
            Create.of(
                    plan.changes().keySet().stream()
                        .map(table -> KV.of(table, List.<DataFile.Content>of()))
                        .toList())
                .withCoder(WRITTEN));
    PCollectionList.of(written)
        .and(tables)
        .apply("FilesAndTables", Flatten.pCollections())
        .setCoder(WRITTEN)
        .apply("GroupByTable", GroupByKey.create())
        .apply("CommitTables", ParDo.of(new CommitFn(plan, lake)));
    return PDone.in(begin.getPipeline());
  }

  private static final class KeyByDayFn
      extends DoFn<KV<Long, MinuteSummary>, KV<Long, KV<Long, MinuteSummary>>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element KV<Long, MinuteSummary> minute,
        OutputReceiver<KV<Long, KV<Long, MinuteSummary>>> out) {
      out.output(KV.of(Math.floorDiv(minute.getKey(), MICROS_OF_DAY), minute));
    }
  }

  /** Writes a day's rows of every table that needs them, by minute. */
  private static final class WriteMartsFn
      extends DoFn<
          KV<Long, Iterable<KV<Long, MinuteSummary>>>, KV<String, List<DataFile.Content>>> {
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
        OutputReceiver<KV<String, List<DataFile.Content>>> out) {
      TreeMap<Long, MinuteSummary> minutes = new TreeMap<>();
      day.getValue().forEach(minute -> minutes.put(minute.getKey(), minute.getValue()));
      for (Map.Entry<MinuteMart, Set<LocalDate>> entry : dates.entrySet()) {
        if (entry.getValue().contains(LocalDate.ofEpochDay(day.getKey()))) {
          MinuteMart mart = entry.getKey();
          DataFile.Content file =
              files.write(
                  mart.table(),
                  day.getKey(),
                  rows -> minutes.forEach((minute, summary) -> mart.rows(minute, summary, rows)));
          out.output(KV.of(mart.table().path(), List.of(file)));
        }
      }
    }
  }

  private static final class CommitFn
      extends DoFn<KV<String, Iterable<List<DataFile.Content>>>, Void> {
    private static final long serialVersionUID = 1L;

    private final GoldPlan plan;
    private final GoldLake lake;

    CommitFn(GoldPlan plan, GoldLake lake) {
      this.plan = plan.withoutFiles();
      this.lake = lake;
    }

    @ProcessElement
    public void process(@Element KV<String, Iterable<List<DataFile.Content>>> table) {
      List<DataFile.Content> files = new ArrayList<>();
      table.getValue().forEach(files::addAll);
      for (MinuteMart mart : MinuteMart.values()) {
        if (mart.table().path().equals(table.getKey())) {
          lake.commit(plan, mart.table(), files);
        }
      }
    }
  }
}
