package clicklake.jobs;

import clicklake.options.Settings;
import clicklake.options.StreamSettings;
import clicklake.schemas.lake.LakeLocation;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/** What follows a stream. */
final class Followers {
  private Followers() {}

  /**
   * The followers that the settings ask for, in the order in which they are refreshed: a later one
   * may take longer.
   *
   * @param options name the runner; they are left as they are
   * @param showing what is shown while the stream runs; null for nothing
   */
  static List<Follower> of(
      Settings all, PipelineOptions options, LakeLocation lake, @Nullable Showing showing) {
    StreamSettings settings = all.stream();
    List<Follower> followers = new ArrayList<>();
    if (!settings.liveEvery().isZero()) {
      followers.add(new LiveTables(lake, settings.allowedLateness(), settings.liveEvery()));
    }
    if (settings.refreshGold() != null) {
      followers.add(
          new GoldJob(
              options,
              lake,
              null,
              null,
              settings.smallRefresh(),
              settings.refreshGold(),
              Clock.systemUTC()));
    }
    Follower clickHouse = showing == null ? null : showing.follower();
    if (clickHouse != null) {
      followers.add(clickHouse);
    }
    return List.copyOf(followers);
  }
}
