package clicklake.io.commit;

import static clicklake.io.lake.SmallLake.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.io.lake.SmallLake;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.offset.Coverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.LakeException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeferredProposalsTest {
  private static final long NOW = SmallLake.CLOCK.millis();

  @TempDir Path root;

  private static Proposal bornAt(long millis) {
    return Proposal.of(
        Proposal.Kind.EVENTS,
        null,
        millis,
        List.of(new Coverage(topic(0), OffsetRanges.of(0, 1), 0)),
        Map.of(),
        "",
        -1);
  }

  @Test
  void aProposalThatHasWaitedTooLongIsGivenUpAndCounted() {
    DeferredProposals deferred = new DeferredProposals();
    long oldest = NOW - DeferredProposals.LONGEST.toMillis();
    deferred.keep(List.of(bornAt(oldest), bornAt(oldest - 1), bornAt(NOW)), NOW);

    assertThat(deferred.takeAll()).containsExactly(bornAt(oldest), bornAt(NOW));
    assertThat(deferred.takeAll()).isEmpty();
    assertThat(deferred.givenUp()).isEqualTo(1);
    assertThat(deferred.givenUp()).isZero();
  }

  @Test
  void whereAllDoNotFitTheLatestWaitOn() {
    DeferredProposals deferred = new DeferredProposals(2 * 1116);
    deferred.keep(List.of(bornAt(NOW - 3)), NOW);
    deferred.keep(List.of(bornAt(NOW - 2), bornAt(NOW - 1)), NOW);

    assertThat(deferred.takeAll()).containsExactly(bornAt(NOW - 2), bornAt(NOW - 1));
    assertThat(deferred.givenUp()).isEqualTo(1);
  }

  /** A commit that fails leaves what waited where it was. */
  @Test
  void whatWaitsStillWaitsAfterACommitThatFailed() {
    SmallLake lake = new SmallLake(root).take(topic(0), 0, "event 1 60 a");
    List<Proposal> early = lake.decisions(topic(1), 0, "event 2 60 a");
    lake.committer().commit(early);
    List<Proposal> impossible = new ArrayList<>(lake.records(topic(2), 0, "event 3 60 a"));
    impossible.add(
        Proposal.of(
            Proposal.Kind.RECORDS,
            new DataFile("", 1, 1, "2024-05-05", "{}"),
            NOW,
            List.of(new Coverage(topic(0), OffsetRanges.of(0, 3), 1)),
            Map.of(),
            "",
            -1));
    assertThatThrownBy(() -> lake.committer().commit(impossible)).isInstanceOf(LakeException.class);

    lake.committer().commit(lake.records(topic(1), 0, "event 2 60 a"));

    assertThat(SmallLake.ledger(lake.tables.silver()).covered(topic(1)))
        .isEqualTo(OffsetRanges.of(0, 1));
    assertThat(lake.audit().undecided()).isZero();
  }

  /** Bronze will never cover it, so it does not wait. */
  @Test
  void aProposalOfAnotherIdentityThanBronzesDoesNotWait() {
    SmallLake lake = new SmallLake(root);
    lake.committer().commit(lake.records(topic(0), 0, "event 1 60 a"));
    SourcePartition other = new SourcePartition("topic", 0, "kafka:c:other");

    lake.committer().commit(lake.decisions(other, 0, "event 1 60 a"));

    assertThat(lake.tables.deferred().takeAll()).isEmpty();
  }

  /** Of a partition that no ledger lists, nothing tells whether it is still to come. */
  @Test
  void aProposalOfAPartitionInNoLedgerWaitsAndIsGivenUpInTheEnd() {
    SmallLake lake = new SmallLake(root);
    lake.committer().commit(lake.decisions(topic(0), 0, "event 1 60 a"));
    LakeCommitter later =
        SmallLake.committer(
            lake.tables, Clock.offset(SmallLake.CLOCK, DeferredProposals.LONGEST.plusMillis(1)));

    later.commit(List.of());

    assertThat(later.givenUp()).isEqualTo(1);
    assertThat(lake.tables.deferred().takeAll()).isEmpty();
  }
}
