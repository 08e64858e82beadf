package clicklake.io.lake;

import clicklake.io.commit.CommitReport;
import clicklake.io.commit.GatherProposals;
import clicklake.io.commit.LakeCommitter;
import clicklake.schemas.batch.Proposal;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/**
 * Commits proposed files to the lake, the one place where anything is decided.
 *
 * <p>All proposals of a round, or those of a few seconds, are grouped and committed together:
 * bronze, then silver, then quarantine from silver's outbox. Exactly once by the ledger committed
 * with the rows, whatever is proposed, how often and in which order; no runner state. A proposal
 * that is lost is read again, because its positions stay uncovered. Several instances, processes or
 * jobs may commit to one lake at once.
 */
public final class CommitLake extends PTransform<PCollection<Proposal>, CommitLake.Result> {
  private static final long serialVersionUID = 1L;

  /** Half of what the ledgers list of finished landing files; others are looked up in bronze. */
  private static final int KEEP_FINISHED = 1000;

  private final EventLake lake;
  private final Settings settings;

  /**
   * @param horizon largest distance of the event times of one event
   * @param rules parser version and settings, for silver's ledger
   * @param every how long proposals are gathered; null for all there are, which must be bounded
   * @param deadLetters where refused records are sent besides quarantine; null for nowhere
   */
  public record Settings(
      Duration horizon, String rules, @Nullable Duration every, @Nullable DeadLetters deadLetters)
      implements Serializable {}

  public CommitLake(EventLake lake, Settings settings) {
    this.lake = lake;
    this.settings = settings;
  }

  @Override
  public Result expand(PCollection<Proposal> files) {
    return new Result(
        files
            .apply("GatherProposals", new GatherProposals(settings.every()))
            .apply("CommitLake", ParDo.of(new CommitFn(lake, settings)))
            .setCoder(CommitReportCoder.of()));
  }

  /** What was committed. */
  public static final class Result implements POutput {
    private static final TupleTag<CommitReport> COMMITS = new TupleTag<>("commits") {};

    private final PCollection<CommitReport> commits;

    private Result(PCollection<CommitReport> commits) {
      this.commits = commits;
    }

    /**
     * What each commit added to the lake, once the tables hold it, and the versions that do. A
     * commit that is repeated after a failure reports what it still added: for progress, not for
     * exact counts, which are in the ledgers.
     */
    public PCollection<CommitReport> commits() {
      return commits;
    }

    @Override
    public Pipeline getPipeline() {
      return commits.getPipeline();
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
      return Map.of(COMMITS, commits);
    }

    @Override
    public void finishSpecifyingOutput(
        String transformName, PInput input, PTransform<?, ?> transform) {}
  }

  private static final class CommitFn extends DoFn<KV<Integer, Iterable<Proposal>>, CommitReport> {
    private static final long serialVersionUID = 1L;

    private final Counter records = Metrics.counter(CommitLake.class, "records");
    private final Counter events = Metrics.counter(CommitLake.class, "events");
    private final Counter rejects = Metrics.counter(CommitLake.class, "rejects");
    private final Counter duplicates = Metrics.counter(CommitLake.class, "duplicates");
    private final Counter conflicts = Metrics.counter(CommitLake.class, "conflicts");
    private final Counter givenUp = Metrics.counter(CommitLake.class, "givenUp");

    private final EventLake lake;
    private final Settings settings;
    private transient @Nullable LakeCommitter committer;

    CommitFn(EventLake lake, Settings settings) {
      this.lake = lake;
      this.settings = settings;
    }

    private LakeCommitter committer() {
      LakeCommitter opened = committer;
      if (opened == null) {
        opened =
            new LakeCommitter(
                lake.tables(),
                Clock.systemUTC(),
                settings.horizon(),
                settings.rules(),
                KEEP_FINISHED,
                settings.deadLetters() == null
                    ? null
                    : files -> RejectedRecords.send(lake, files, settings.deadLetters()));
        committer = opened;
      }
      return opened;
    }

    @ProcessElement
    public void process(
        @Element KV<Integer, Iterable<Proposal>> proposals,
        OutputReceiver<CommitReport> committed) {
      CommitReport report = committer().commit(proposals.getValue());
      records.inc(report.records());
      events.inc(report.events());
      rejects.inc(report.rejects());
      duplicates.inc(report.duplicates());
      conflicts.inc(report.conflicts());
      givenUp.inc(committer().givenUp());
      committed.output(report);
    }

    @Teardown
    public void teardown() {
      lake.tables().publishing().await();
      if (settings.deadLetters() != null) {
        settings.deadLetters().close();
      }
      committer = null;
    }
  }
}
