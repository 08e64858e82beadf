package clicklake.io.lake;

import static clicklake.io.lake.SmallLake.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.io.audit.LakeBalance;
import clicklake.io.commit.LakeCommitter;
import clicklake.io.storage.S3Settings;
import clicklake.io.testing.FaultProxy;
import clicklake.io.testing.ObjectStore;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.table.LakeException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A lake in an object store, behind a network that fails. */
class LakeInStoreTest {
  private static final int COMMITS = 12;

  private final ObjectStore store = ObjectStore.shared();
  private final String root = "s3://" + store.newBucket() + "/lakes/one";

  /** One writer's view: clients, caches and known versions are its own. */
  private SmallLake lakeBehind(URI endpoint, String writer) {
    S3Settings settings = ObjectStore.settings(endpoint);
    // The region means nothing to this store, and keeps the writers' handles apart.
    S3Settings own =
        new S3Settings(endpoint, writer, true, "none", null, settings.credentials(), null);
    return new SmallLake(new LakeLocation(root, own.properties()));
  }

  /** Takes records, again and again until the lake has them, as a runner's retries do. */
  private static int take(SmallLake lake, int partition, long from, String... texts) {
    for (int attempt = 1; ; attempt++) {
      List<Proposal> proposals = new ArrayList<>();
      try {
        proposals.addAll(lake.records(topic(partition), from, texts));
        proposals.addAll(lake.decisions(topic(partition), from, texts));
        LakeCommitter committer = lake.committer();
        committer.commit(proposals);
        return attempt;
      } catch (LakeException e) {
        if (attempt == 20) {
          throw e;
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.3})
  void twoWritersOverAFailingNetworkCoverEveryPositionOnce(double share) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (FaultProxy proxy = new FaultProxy(store, share, 7)) {
      List<Callable<Void>> writers = new ArrayList<>();
      for (int writer = 0; writer < 2; writer++) {
        SmallLake lake = lakeBehind(proxy.endpoint(), "writer-" + writer);
        writers.add(
            () -> {
              for (int commit = 0; commit < COMMITS; commit++) {
                // Both propose the same records of partition 0: one of them is too late.
                take(lake, 0, 2L * commit, "event " + commit + " 60 a", "bad");
              }
              return null;
            });
      }
      for (Future<Void> writer : threads.invokeAll(writers)) {
        writer.get();
      }
      assertThat(proxy.faults().values().stream().mapToInt(Integer::intValue).sum())
          .isGreaterThan(COMMITS);
    } finally {
      threads.shutdown();
    }

    SmallLake reader = lakeBehind(store.endpoint(), "reader");
    reader.lake.publishRejects(null);
    LakeBalance balance = reader.audit();
    assertThat(balance.faults()).isEmpty();
    assertThat(balance.bronze()).isEqualTo(2 * COMMITS);
    assertThat(balance.silver()).isEqualTo(COMMITS);
    assertThat(balance.quarantine()).isEqualTo(COMMITS);
  }

  @Test
  void aLakeIsCheckedBeforeAnythingIsWritten() {
    lakeBehind(store.endpoint(), "one").lake.check();

    LakeLocation nowhere =
        new LakeLocation("s3://no-such-bucket-here/lake", store.settings().properties());
    assertThatThrownBy(() -> EventLake.at(nowhere).check())
        .isInstanceOf(LakeException.class)
        .hasMessage(
            "cannot use the lake at s3://no-such-bucket-here/lake: there is no bucket"
                + " no-such-bucket-here; create it, or correct --lake and --s3Endpoint");
  }
}
