package clicklake.pipeline;

import clicklake.io.clickhouse.ClickHouseSettings;
import clicklake.io.kafka.KafkaSettings;
import clicklake.transforms.live.LiveMetrics;
import clicklake.transforms.live.LiveSettings;
import clicklake.transforms.live.SilverMinutes;
import org.jspecify.annotations.Nullable;

/**
 * What a run needs to show figures of the minute while it goes on.
 *
 * @param settings when minutes are closed
 * @param base silver's figures when the run begins
 * @param generation of the rows in ClickHouse
 * @param endless whether the run has no end of its own
 * @param clickHouse where figures are shown; null for nowhere
 * @param topic compacted topic to which they are written; null for none
 */
public record LiveLayer(
    LiveSettings settings,
    SilverMinutes base,
    int generation,
    boolean endless,
    @Nullable ClickHouseSettings clickHouse,
    @Nullable KafkaSettings topic) {

  LiveMetrics metrics() {
    return new LiveMetrics(settings, base, generation, endless);
  }

  ShowFigures show() {
    return new ShowFigures(settings, clickHouse, topic);
  }
}
