package clicklake.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Flink's own checkpoints of a job, kept in a folder, and the configuration that makes a Flink take
 * one of them up. An embedded Flink heeds that configuration, not the option {@code savepointPath}.
 */
final class FlinkState {
  private final Path folder;

  FlinkState(Path folder) {
    this.folder = folder;
  }

  /** Options of a job that checkpoints into the folder. */
  List<String> options() {
    return List.of(
        "--stateDir=" + folder,
        "--checkpointingInterval=500",
        "--stateBackend=filesystem",
        "--stateBackendStoragePath=" + checkpoints().toUri(),
        "--externalizedCheckpointsEnabled=true",
        "--retainExternalizedCheckpointsOnCancellation=true");
  }

  private Path checkpoints() {
    return folder.resolve("flink-checkpoints");
  }

  /** The environment of a Flink that begins with a checkpoint, or with none if it is null. */
  Map<String, String> environment(@Nullable Path restored) {
    Path configuration = folder.resolve("flink-conf");
    String text =
        """
        rest.address: 127.0.0.1
        rest.bind-address: 127.0.0.1
        jobmanager.bind-host: 127.0.0.1
        jobmanager.rpc.address: 127.0.0.1
        taskmanager.host: 127.0.0.1
        taskmanager.bind-host: 127.0.0.1
        """
            + (restored == null
                ? ""
                : "execution.savepoint.path: "
                    + restored.toUri()
                    + "\nexecution.savepoint.ignore-unclaimed-state: false\n");
    try {
      Files.createDirectories(configuration);
      Files.writeString(configuration.resolve("flink-conf.yaml"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Map.of("FLINK_CONF_DIR", configuration.toString());
  }

  /** Deletes all of it. */
  void delete() {
    if (Files.exists(checkpoints())) {
      try (Stream<Path> files = Files.walk(checkpoints())) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The newest checkpoint that is complete; a killed Flink leaves its last one behind. */
  Optional<Path> newest() {
    if (!Files.isDirectory(checkpoints())) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.walk(checkpoints())) {
      return files
          .filter(file -> file.endsWith("_metadata"))
          .max(Comparator.comparing(FlinkState::writtenAt))
          .map(Path::getParent);
    } catch (UncheckedIOException e) {
      // A running Flink removed one meanwhile.
      return newest();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileTime writtenAt(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
