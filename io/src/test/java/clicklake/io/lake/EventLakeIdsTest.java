package clicklake.io.lake;

import static clicklake.io.lake.SmallLake.topic;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.storage.S3Settings;
import clicklake.io.testing.ObjectStore;
import clicklake.io.testing.StoreRequests;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.SilverIds;
import clicklake.schemas.offset.OffsetRanges;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLakeIdsTest {
  private static final Set<LocalDate> DATES = Set.of(LocalDate.parse("2024-05-05"));

  @TempDir Path root;

  @Test
  void whatIsCoveredIsOfTheVersionThatWasGivenLast() {
    SmallLake lake = new SmallLake(root).take(topic(0), 0, "event 1 60 a");
    EventLakeIds ids = new EventLakeIds(lake.lake);
    SilverIds.Version before = ids.latest();

    lake.take(topic(0), 1, "event 2 60 a");
    // Another handle on the lake, in this process: what is known moves on.
    lake.lake.tables().silver().newest();

    assertThat(ids.covered(Set.of(topic(0)))).containsEntry(topic(0), OffsetRanges.of(0, 1));
    assertThat(ids.latest().number()).isEqualTo(before.number() + 1);
    assertThat(ids.covered(Set.of(topic(0)))).containsEntry(topic(0), OffsetRanges.of(0, 2));
  }

  @Test
  void manyFilesOfAStoreAreReadOnceEachInTheirOrder() {
    ObjectStore store = ObjectStore.shared();
    String bucket = store.newBucket();
    S3Settings settings = store.settings();
    SmallLake lake = new SmallLake(new LakeLocation("s3://" + bucket, settings.properties()));
    List<Long> expected = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      lake.take(topic(0), i, "event " + i + " 60 a");
      expected.add((long) i);
    }
    EventLakeIds ids = new EventLakeIds(lake.lake);
    lake.lake.tables().silver().newest();
    SilverIds.Version version = ids.latest();
    List<Long> seen = new ArrayList<>();
    int before = StoreRequests.sent(bucket, "GetObject");

    ids.scan(version, DATES, (high, low, micros, digest) -> seen.add(low));

    assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(StoreRequests.sent(bucket, "GetObject") - before).isBetween(40, 42);
  }
}
