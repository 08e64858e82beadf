package clicklake.pipeline;

import clicklake.io.clickhouse.ClickHouseIO;
import clicklake.io.clickhouse.ClickHouseSettings;
import clicklake.io.kafka.KafkaSettings;
import clicklake.io.kafka.WriteLatest;
import clicklake.serving.LiveValues;
import clicklake.serving.ServedTable;
import clicklake.serving.ServedTables;
import clicklake.transforms.live.LiveRow;
import clicklake.transforms.live.LiveSettings;
import java.time.Clock;
import java.util.Objects;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.jspecify.annotations.Nullable;

/**
 * Writes panes to ClickHouse, which never holds up the pipeline, and to a compacted topic. A newer
 * row of a key stands above an older one, so it does no harm that some are written twice.
 */
final class ShowFigures extends PTransform<PCollection<LiveRow>, PDone> {
  private static final long serialVersionUID = 1L;

  private final LiveSettings settings;
  private final @Nullable ClickHouseSettings clickHouse;
  private final @Nullable KafkaSettings topic;

  ShowFigures(
      LiveSettings settings,
      @Nullable ClickHouseSettings clickHouse,
      @Nullable KafkaSettings topic) {
    this.settings = settings;
    this.clickHouse = clickHouse;
    this.topic = topic;
  }

  @Override
  public PDone expand(PCollection<LiveRow> rows) {
    if (clickHouse != null) {
      Clock clock = settings.clock();
      rows.apply("ThatFit", Filter.by(row -> LiveValues.fits(row.minute())))
          .apply(
              "ToClickHouse",
              ClickHouseIO.<LiveRow>write(clickHouse)
                  .into(ShowFigures::target)
                  .withValues(row -> LiveValues.of(row, clock))
                  .withLatestOf(LiveRow::key, LiveRow::version));
    }
    if (topic != null) {
      rows.apply("AsJson", MapElements.via(new AsJson()))
          .setCoder(KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of()))
          .apply("ToTopic", WriteLatest.to(topic));
    }
    return PDone.in(rows.getPipeline());
  }

  private static ClickHouseIO.Target target(LiveRow row) {
    ServedTable table = Objects.requireNonNull(ServedTables.LIVE.get(row.figure().table()));
    return new ClickHouseIO.Target(table.rows(), table.rowColumnNames());
  }

  /** Key: table, minute and key of the row. Value: an object with the row. */
  private static final class AsJson extends SimpleFunction<LiveRow, KV<String, String>> {
    private static final long serialVersionUID = 1L;

    @Override
    public KV<String, String> apply(LiveRow row) {
      return KV.of(row.topicKey(), row.json());
    }
  }
}
