package clicklake.jobs;

import clicklake.io.clickhouse.ClickHouseIO;
import clicklake.io.clickhouse.ClickHouseSettings;
import clicklake.io.kafka.KafkaSettings;
import clicklake.io.kafka.WriteLatest;
import clicklake.io.lake.DeltaTables;
import clicklake.options.Settings;
import clicklake.options.StreamSettings;
import clicklake.pipeline.LiveLayer;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.table.TimeSpans.Span;
import clicklake.serving.ServeLake;
import clicklake.transforms.gold.table.SilverEvent;
import clicklake.transforms.live.LiveFiles;
import clicklake.transforms.live.LiveSettings;
import clicklake.transforms.live.LiveTable;
import clicklake.transforms.live.SilverMinutes;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a stream shows while it runs, and where. */
final class Showing {
  private static final Duration WAIT_AT_END = Duration.ofSeconds(10);

  private static final int COMMITS_UNTIL_SETTLED = 4;

  private final LakeLocation lake;
  private final LiveSettings settings;
  private final Duration liveEvery;
  private final @Nullable ServeLake serving;
  private final @Nullable ClickHouseSettings clickHouse;
  private final @Nullable KafkaSettings topic;

  private Showing(Settings all, LakeLocation lake) {
    this.lake = lake;
    this.settings = settings(all.stream());
    this.liveEvery = all.stream().liveEvery();
    this.clickHouse = all.serving().clickHouse();
    this.serving = clickHouse == null ? null : new ServeLake(clickHouse, lake, settings);
    String name = all.serving().liveTopic();
    this.topic = name == null ? null : Locations.kafka(all.kafka(), name);
  }

  /** What the settings ask for; null if nobody watches. */
  static @Nullable Showing of(Settings all, LakeLocation lake) {
    return all.serving().showsMinutes() ? new Showing(all, lake) : null;
  }

  /**
   * When minutes are closed. What arrives until then is committed two commits later, as a rule, and
   * counted by the live tables soon after.
   */
  static LiveSettings settings(StreamSettings stream) {
    return new LiveSettings(
        stream.allowedLateness(),
        stream.commitEvery().multipliedBy(COMMITS_UNTIL_SETTLED),
        Clock.systemUTC());
  }

  /** What follows the lake's tables; null if there is no ClickHouse. */
  @Nullable Follower follower() {
    return serving == null ? null : new ClickHouseFollower(serving);
  }

  /** Makes tables and topic; before anything is read. */
  void prepare() throws InterruptedException {
    if (serving != null) {
      serving.prepare();
    }
    if (topic != null) {
      WriteLatest.create(topic);
    }
  }

  /**
   * What a run, or a round, begins with: silver's figures now of the minutes that are open, and of
   * those before in which the last event of an open session may lie.
   *
   * @param endless whether the run has no end of its own
   */
  LiveLayer begin(boolean endless) {
    new LiveTables(lake, settings.lateness(), liveEvery).refresh();
    long session = LiveTable.SESSION_MINUTES * SilverEvent.MICROS_OF_MINUTE;
    Span open = new Span(settings.closedUntil() - session, settings.openUntil());
    SilverMinutes base = LiveFiles.of(DeltaTables.at(lake), open).minutes(open);
    return new LiveLayer(
        settings, base, serving == null ? 0 : serving.generation(), endless, clickHouse, topic);
  }

  /** Waits a moment for panes that are on their way: the last of a run. */
  void end() throws InterruptedException {
    if (clickHouse != null) {
      ClickHouseIO.awaitSent(clickHouse, WAIT_AT_END);
    }
  }
}
