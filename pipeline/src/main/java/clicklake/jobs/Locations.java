package clicklake.jobs;

import clicklake.io.kafka.KafkaSettings;
import clicklake.options.ConfigException;
import clicklake.schemas.lake.LakeLocation;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** From the settings' places to those that the sources and the lake take. */
public final class Locations {
  private Locations() {}

  /**
   * The lake at the place that {@code --lake} names.
   *
   * @throws ConfigException if this version has no storage for it
   */
  public static LakeLocation lake(URI place) {
    if (!"file".equals(place.getScheme())) {
      throw new ConfigException(
          List.of(
              "--lake="
                  + place
                  + ": this version writes lakes on local or mounted disks only; name a folder"));
    }
    return LakeLocation.of(Path.of(place));
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
