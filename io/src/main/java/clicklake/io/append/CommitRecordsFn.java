package clicklake.io.append;

import clicklake.io.commit.CommitReport;
import clicklake.io.commit.RecordsCommitter;
import clicklake.io.ledger.Ledger;
import clicklake.io.ledger.LedgerTable;
import clicklake.io.lookup.KnownHoles;
import clicklake.io.lookup.LandedFiles;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.offset.Coverage;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.LakeException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/** Commits gathered files of records, and fails if one of their positions is left uncovered. */
final class CommitRecordsFn extends DoFn<KV<Integer, Iterable<Proposal>>, Void> {
  private static final long serialVersionUID = 1L;

  /** No partition is ever called finished here, so none is taken off the ledger. */
  private static final int KEEP_FINISHED = Integer.MAX_VALUE;

  private final Counter rows = Metrics.counter(DeltaIO.class, "rows");
  private final AppendTarget target;

  CommitRecordsFn(AppendTarget target) {
    this.target = target;
  }

  @ProcessElement
  public void process(@Element KV<Integer, Iterable<Proposal>> gathered) {
    List<Proposal> proposals = new ArrayList<>();
    gathered.getValue().forEach(proposals::add);
    LedgerTable table = target.table();
    CommitReport report =
        new RecordsCommitter(
                table,
                Clock.systemUTC(),
                KEEP_FINISHED,
                () -> partition -> true,
                new LandedFiles(table),
                new KnownHoles())
            .commit(proposals, new ArrayList<>());
    rows.inc(report.records());
    Ledger ledger = table.newest().ledger();
    for (Proposal proposal : proposals) {
      for (Coverage coverage : proposal.coverage()) {
        requireCovered(ledger, coverage);
      }
    }
  }

  private void requireCovered(Ledger ledger, Coverage coverage) {
    SourcePartition partition = coverage.partition();
    Ledger.Partition known = ledger.partition(partition.name());
    if (known != null && !known.id().equals(partition)) {
      throw new LakeException(
          target.path()
              + ": "
              + partition
              + " is "
              + partition.identity()
              + " there, the table covers "
              + known.id().identity()
              + " under that name; give the source another name, or use another table");
    }
    if (known == null || !known.covered().containsAll(coverage.runs())) {
      throw new LakeException(
          target.path()
              + ": positions "
              + coverage.runs()
              + " of "
              + partition
              + " could not be committed (the log says why); run the source again from what the"
              + " table covers");
    }
  }
}
