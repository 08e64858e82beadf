package clicklake.options;

import clicklake.io.clickhouse.ClickHouseSettings;
import org.jspecify.annotations.Nullable;

/**
 * Where figures are shown.
 *
 * @param clickHouse null for nowhere
 * @param liveTopic compacted topic for figures of the minute; null for none
 * @param rebuild whether everything is written again
 */
public record ServingSettings(
    @Nullable ClickHouseSettings clickHouse, @Nullable String liveTopic, boolean rebuild) {

  /** Whether somebody watches figures of the minute. */
  public boolean showsMinutes() {
    return clickHouse != null || liveTopic != null;
  }
}
