package clicklake.jobs;

import clicklake.io.kafka.KafkaSettings;
import clicklake.options.Settings;
import clicklake.schemas.lake.LakeLocation;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;

/** From the settings' places to those that the sources and the lake take. */
public final class Locations {
  private Locations() {}

  /** The lake at the place that {@code --lake} names. */
  public static LakeLocation lake(Settings settings) {
    URI place = settings.lake();
    return "file".equals(place.getScheme())
        ? LakeLocation.of(Path.of(place))
        : new LakeLocation(place.toString(), settings.s3().properties());
  }

  /** A folder as Beam's file systems spell it. */
  static String folder(URI place) {
    return "file".equals(place.getScheme()) ? Path.of(place).toString() : place.toString();
  }

  /** Settings of one topic. */
  static KafkaSettings kafka(clicklake.options.KafkaSettings kafka, String topic) {
    return KafkaSettings.of(
            Objects.requireNonNull(kafka.bootstrapServers(), "checked with the options"), topic)
        .withClient(kafka.client().values());
  }
}
