package clicklake.io.lake;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.commit.CommitReport;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.batch.ProposalCoder;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.LakeWriters;
import clicklake.schemas.offset.SourcePartition;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitLakeTest {
  private static final SourcePartition TOPIC = new SourcePartition("clicks", 0, "kafka:c:t");
  private static final List<CommitReport> REPORTS = new CopyOnWriteArrayList<>();

  @TempDir private Path root;

  /** Notes what is committed. */
  private static final class NoteFn extends DoFn<CommitReport, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element CommitReport report) {
      REPORTS.add(report);
    }
  }

  @Test
  void theResultIsWhatEachCommitAddedAndTheVersionsThatHoldIt() {
    EventLake lake = EventLake.at(LakeLocation.of(root));
    RawBatch.Builder batch = new RawBatch.Builder(TOPIC, 0);
    for (int i = 0; i < 3; i++) {
      batch.add(i, 1_700_000_000_000L, null, "[]", StandardCharsets.UTF_8.encode("{}"));
    }
    List<Proposal> files;
    try (LakeWriters.Records records = lake.writers("rules").openRecords()) {
      for (RawBatch.Cursor record = batch.build(3, RawBatch.Seen.NOTHING).cursor();
          record.next(); ) {
        records.write(TOPIC, record);
      }
      files = records.finish();
    }
    REPORTS.clear();
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply(Create.of(files).withCoder(ProposalCoder.of()))
        .apply(
            new CommitLake(
                lake, new CommitLake.Settings(Duration.ofHours(24), "rules", null, null)))
        .commits()
        .apply(ParDo.of(new NoteFn()));
    pipeline.run().waitUntilFinish();

    assertThat(REPORTS).containsExactly(new CommitReport(3, 0, 0, 0, 0, 0, 1, 0));
    assertThat(lake.counts().bronze()).isEqualTo(3);
  }

  @Test
  void bytesOfAReportStayAsTheyAre() throws Exception {
    CommitReport report = new CommitReport(300, 1, 2, 3, 4, 5, 6, 7);
    byte[] bytes = CoderUtils.encodeToByteArray(CommitReportCoder.of(), report);

    assertThat(bytes).containsExactly(0xac, 2, 1, 2, 3, 4, 5, 6, 7);
    assertThat(CoderUtils.decodeFromByteArray(CommitReportCoder.of(), bytes)).isEqualTo(report);
  }
}
