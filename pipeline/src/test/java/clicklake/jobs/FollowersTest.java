package clicklake.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.options.Job;
import clicklake.options.Option;
import clicklake.options.Settings;
import clicklake.options.value.RawValue;
import clicklake.schemas.lake.LakeLocation;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowersTest {
  @TempDir Path lake;

  private List<Class<?>> followers(Map<Option, String> given) {
    Map<Option, RawValue> values = new HashMap<>();
    given.forEach((option, text) -> values.put(option, new RawValue(text, "test")));
    Settings settings = Settings.of(Job.STREAM, values);
    LakeLocation location = LakeLocation.of(lake);
    return Followers.of(
            settings, PipelineOptionsFactory.create(), location, Showing.of(settings, location))
        .stream()
        .<Class<?>>map(Object::getClass)
        .toList();
  }

  @Test
  void theLiveTablesFollowUnlessTheirIntervalIsZero() {
    assertThat(followers(Map.of())).containsExactly(LiveTables.class);
    assertThat(followers(Map.of(Option.LIVE_EVERY, "0s"))).isEmpty();
  }

  @Test
  void clickHouseFollowsAfterAllTables() {
    assertThat(
            followers(
                Map.of(Option.CLICKHOUSE, "http://localhost:8123", Option.REFRESH_GOLD, "1m")))
        .containsExactly(LiveTables.class, GoldJob.class, ClickHouseFollower.class);
  }

  @Test
  void goldFollowsAfterTheLiveTablesIfItHasAnInterval() {
    assertThat(followers(Map.of(Option.REFRESH_GOLD, "1m")))
        .containsExactly(LiveTables.class, GoldJob.class);
    assertThat(followers(Map.of(Option.REFRESH_GOLD, "1m", Option.LIVE_EVERY, "0s")))
        .containsExactly(GoldJob.class);
  }
}
