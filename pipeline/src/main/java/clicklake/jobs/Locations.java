package clicklake.jobs;

import clicklake.io.kafka.KafkaSettings;
import clicklake.options.ConfigException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** From the settings' places to those that the sources and the lake take. */
public final class Locations {
  private Locations() {}

  /**
   * The path of a local folder.
   *
   * @throws ConfigException if the place is elsewhere
   */
  public static String localPath(String option, URI place) {
    if (!"file".equals(place.getScheme())) {
      throw new ConfigException(
          List.of(
              option
                  + "="
                  + place
                  + ": this version writes lakes on local or mounted disks only; name a folder"));
    }
    return Path.of(place).toString();
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
