package clicklake.clusters;

import clicklake.io.testing.KafkaBroker;
import clicklake.io.testing.ObjectStore;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The words behind the program's name: the job {@code stream} and its options. */
record StreamArguments(List<String> words) {

  static StreamArguments ofLanding(String runner, Path landing, Path lake) {
    return new StreamArguments(
        List.of("stream", "--runner=" + runner, "--landing=" + landing, "--lake=" + lake));
  }

  static StreamArguments ofTopic(String runner, KafkaBroker broker, String topic, Path lake) {
    return new StreamArguments(
        List.of(
            "stream",
            "--runner=" + runner,
            "--source=kafka",
            "--bootstrapServers=" + broker.bootstrapServers(),
            "--topic=" + topic,
            "--lake=" + lake,
            "--commitEvery=1s"));
  }

  /** The same with more options. */
  StreamArguments with(String... options) {
    return new StreamArguments(Stream.concat(words.stream(), Arrays.stream(options)).toList());
  }

  /** The same with the lake in an object store; its files are found in the folder all the same. */
  StreamArguments inStore() {
    return new StreamArguments(ObjectStore.inStore(words));
  }

  String[] array() {
    return words.toArray(String[]::new);
  }
}
