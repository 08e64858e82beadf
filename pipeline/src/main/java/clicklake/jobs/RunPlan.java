package clicklake.jobs;

import clicklake.schemas.batch.DataFile;
import clicklake.transforms.TransformCounters;
import clicklake.transforms.gold.plan.Aggregations;
import clicklake.transforms.gold.plan.InputSplitCoder;
import clicklake.transforms.gold.plan.RefreshPlan;
import clicklake.transforms.gold.refresh.ComputeFiles;
import clicklake.transforms.gold.refresh.GoldLake;
import clicklake.transforms.gold.table.GoldTable;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PDone;

/**
 * Carries out a {@link RefreshPlan}: reads its inputs once, writes new files, and commits each
 * table once, those that others are derived from before these.
 *
 * <p>Bounded. A retry of any step leaves stray files at most: a table that has the plan's version
 * is not committed to again.
 */
final class RunPlan extends PTransform<PBegin, PDone> {
  private static final long serialVersionUID = 1L;
  private static final int ONE_COMMITTER = 0;
  private static final String NO_TABLE = "";
  private static final DataFile NO_FILE = new DataFile("", 0, 0, null, "");

  // Workers get what their step needs, not the plan with its list of files.
  private final transient RefreshPlan plan;
  private final transient List<GoldTable> tables;
  private final Aggregations aggregations;
  private final GoldLake from;
  private final GoldLake to;
  private final Clock clock;

  /**
   * @param tables the plan's tables, in the order of commits
   * @param from the lake that is read
   * @param to the lake whose tables are written: the same, unless they are computed to compare
   * @param clock for births of files; must be serializable
   */
  RunPlan(
      RefreshPlan plan,
      List<GoldTable> tables,
      Aggregations aggregations,
      GoldLake from,
      GoldLake to,
      Clock clock) {
    this.plan = plan;
    this.tables = tables;
    this.aggregations = aggregations;
    this.from = from;
    this.to = to;
    this.clock = clock;
  }

  @Override
  public PDone expand(PBegin begin) {
    PCollection<KV<String, DataFile>> files =
        begin
            .apply("Inputs", Create.of(plan.inputs()).withCoder(InputSplitCoder.of()))
            .apply(
                "RefreshTables",
                new ComputeFiles(aggregations, plan.spec(), from.tableRows(), to.files(clock)));
    // Without it nothing would be committed if no table had a file.
    PCollection<KV<String, DataFile>> none =
        begin.apply("EvenIfNone", Create.of(KV.of(NO_TABLE, NO_FILE)).withCoder(files.getCoder()));
    PCollectionList.of(files)
        .and(none)
        .apply("Files", Flatten.pCollections())
        .apply("ToOneCommitter", WithKeys.of(ONE_COMMITTER))
        .apply("GroupFiles", GroupByKey.create())
        .apply("CommitTables", ParDo.of(new CommitFn(plan, tables, to)));
    return PDone.in(begin.getPipeline());
  }

  /** Commits every table that the plan changes; also one that has no rows any more. */
  private static final class CommitFn
      extends DoFn<KV<Integer, Iterable<KV<String, DataFile>>>, Void> {
    private static final long serialVersionUID = 1L;

    private final RefreshPlan plan;
    private final ArrayList<String> tables;
    private final GoldLake lake;

    CommitFn(RefreshPlan plan, List<GoldTable> tables, GoldLake lake) {
      this.plan = plan.withoutInputs();
      this.tables = new ArrayList<>(tables.stream().map(GoldTable::path).toList());
      this.lake = lake;
    }

    @ProcessElement
    public void process(@Element KV<Integer, Iterable<KV<String, DataFile>>> written) {
      Map<String, List<DataFile>> byTable = new HashMap<>();
      for (KV<String, DataFile> file : written.getValue()) {
        byTable.computeIfAbsent(file.getKey(), table -> new ArrayList<>()).add(file.getValue());
      }
      TransformCounters.add(
          TransformCounters.DATES_RECOMPUTED,
          lake.commit(plan, tables.stream().map(Aggregations::table).toList(), byTable));
    }
  }
}
