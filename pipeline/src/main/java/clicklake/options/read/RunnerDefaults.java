package clicklake.options.read;

import clicklake.options.value.RawValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.runners.PipelineRunnerRegistrar;
import org.jspecify.annotations.Nullable;

/**
 * The defaults that depend on the runner. Each file in {@code /clicklake/runners} says them with
 * the reasons: options, the runner's own and Clicklake's, and the {@link
 * clicklake.options.RunnerProfile} in {@code <Runner>.yaml}, the engine's system properties in
 * {@code <Runner>.properties}; then, with {@code -availableNow} after the name, what holds only for
 * a job that ends by itself, with {@code -live} for one that shows figures of the minute, and with
 * {@code -embedded} or {@code -cluster}, only inside this process or only when a cluster's master
 * is named. Whatever a user gives stands above all of them.
 */
final class RunnerDefaults {
  private static final String FOLDER = "/clicklake/runners/";
  private static final String FOLDER_OF = "folder of ";
  private static final String CORES_AT_MOST = "cores, at most ";

  private static final String STATE_DIR = "{stateDir}";

  private final List<String> files;
  private final @Nullable Path stateDir;

  RunnerDefaults(List<String> files, @Nullable Path stateDir) {
    this.files = files;
    this.stateDir = stateDir;
  }

  /**
   * The defaults for the runner, and the master, that the given options choose.
   *
   * @param endsByItself whether the pipeline ends with what is there now
   * @param showsMinutes whether the pipeline has a branch for figures of the minute
   * @param stateDir where files of the runner go that may be deleted; null for where it puts them
   *     itself
   */
  static RunnerDefaults of(
      Map<String, List<RawValue>> given,
      Map<String, String> environment,
      boolean endsByItself,
      boolean showsMinutes,
      @Nullable Path stateDir) {
    Optional<String> onClassPath = onClassPath(first(given, "runner", "DirectRunner"));
    if (onClassPath.isEmpty()) {
      // That will be a fault; one is enough.
      return new RunnerDefaults(List.of(), stateDir);
    }
    String simpleName = onClassPath.get();
    if (simpleName.equals("FlinkRunner") && environment.containsKey("FLINK_CONF_DIR")) {
      // Started by Flink's own command line, or configured as if.
      return new RunnerDefaults(files(simpleName, endsByItself, showsMinutes), stateDir);
    }
    if (simpleName.equals("SparkRunner") && System.getProperty("spark.master") != null) {
      // Started by spark-submit, which also says where the driver is to be reached.
      return new RunnerDefaults(files(simpleName, endsByItself, showsMinutes), stateDir);
    }
    List<String> files = files(simpleName, endsByItself, showsMinutes);
    files.add(simpleName + (onCluster(given) ? "-cluster" : "-embedded"));
    return new RunnerDefaults(files, stateDir);
  }

  private static List<String> files(String runner, boolean endsByItself, boolean showsMinutes) {
    List<String> files = new ArrayList<>(List.of(runner));
    if (endsByItself) {
      files.add(runner + "-availableNow");
    }
    if (showsMinutes) {
      files.add(runner + "-live");
    }
    return files;
  }

  /**
   * The simple name of the runner that Beam finds under a name: that of its class, or the simple
   * one in any case, with or without {@code Runner} at its end.
   */
  private static Optional<String> onClassPath(String name) {
    String wanted = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return ServiceLoader.load(PipelineRunnerRegistrar.class).stream()
        .flatMap(
            registrar ->
                StreamSupport.stream(registrar.get().getPipelineRunners().spliterator(), false))
        .map(Class::getSimpleName)
        .filter(
            runner -> {
              String known = runner.toLowerCase(Locale.ROOT);
              return known.equals(wanted) || known.equals(wanted + "runner");
            })
        .findFirst();
  }

  /** Neither Flink's {@code [local]} and {@code [auto]}, nor Spark's {@code local[2]}. */
  private static boolean onCluster(Map<String, List<RawValue>> given) {
    return !first(given, "flinkMaster", "[auto]").startsWith("[")
        || !first(given, "sparkMaster", "local").startsWith("local");
  }

  private static String first(Map<String, List<RawValue>> given, String key, String otherwise) {
    List<RawValue> values = given.getOrDefault(key, List.of());
    return values.isEmpty() ? otherwise : values.get(0).text();
  }

  /** What is given, with the defaults under it. */
  ConfigSource under(ConfigSource given, RunnerOptions runner, List<String> faults) {
    ConfigSource complete = new ConfigSource();
    for (String file : files) {
      complete.override(options(FOLDER + file + ".yaml", runner, faults));
    }
    complete.override(given);
    return complete;
  }

  private ConfigSource options(String resource, RunnerOptions runner, List<String> faults) {
    ConfigSource layer = new ConfigSource();
    try (InputStream in = RunnerDefaults.class.getResourceAsStream(resource)) {
      if (in != null) {
        ConfigSource file =
            YamlFile.readOfRunner(
                resource, new InputStreamReader(in, StandardCharsets.UTF_8), runner, faults);
        file.options()
            .forEach(
                (option, value) -> onThisMachine(value).ifPresent(here -> layer.put(option, here)));
        file.runnerOptions()
            .forEach(
                (key, values) ->
                    values.forEach(
                        value -> onThisMachine(value).ifPresent(here -> layer.add(key, here))));
        file.profile().forEach(layer::putProfile);
      }
      return layer;
    } catch (IOException e) {
      throw new UncheckedIOException("read " + resource, e);
    }
  }

  /**
   * A default may be, or hold in brackets, {@code cores}: as many as there are, at least two; or
   * {@code cores, at most} some number. It may be {@code folder of <resource>}: a folder with a
   * copy of the resource, as the {@code config.yaml} that Flink looks for. A default with {@code
   * {stateDir}} is none where no such folder is given.
   */
  private Optional<RawValue> onThisMachine(RawValue value) {
    return withStateDir(value.text(), stateDir)
        .map(text -> onThisMachine(new RawValue(text, value.origin()), stateDir));
  }

  private static Optional<String> withStateDir(String text, @Nullable Path stateDir) {
    if (!text.contains(STATE_DIR)) {
      return Optional.of(text);
    }
    return Optional.ofNullable(stateDir).map(folder -> text.replace(STATE_DIR, folder.toString()));
  }

  private static RawValue onThisMachine(RawValue value, @Nullable Path stateDir) {
    String text = value.text();
    if (text.startsWith(FOLDER_OF)) {
      return new RawValue(
          folderOf(FOLDER + text.substring(FOLDER_OF.length()), stateDir).toString(),
          value.origin());
    }
    int cores = Math.max(2, Runtime.getRuntime().availableProcessors());
    if (text.startsWith(CORES_AT_MOST)) {
      int most = Integer.parseInt(text.substring(CORES_AT_MOST.length()));
      return new RawValue(Integer.toString(Math.min(cores, most)), value.origin());
    }
    return text.equals("cores") || text.endsWith("[cores]")
        ? new RawValue(text.replace("cores", Integer.toString(cores)), value.origin())
        : value;
  }

  /**
   * A Flink inside this process looks for classes in the JVM's own loader, unless a job brings a
   * class path; then it asks the loader that it was itself loaded by. Under Maven the JVM's own has
   * nothing of ours, so the job brings one, without anything in it.
   */
  private static String classLoading(Path folder) {
    boolean ownJvm = RunnerDefaults.class.getClassLoader() == ClassLoader.getSystemClassLoader();
    return ownJvm ? "" : "\npipeline.classpaths: " + folder.toUri() + "\n";
  }

  private static Path folderOf(String resource, @Nullable Path stateDir) {
    try (InputStream in = RunnerDefaults.class.getResourceAsStream(resource)) {
      Path folder =
          stateDir == null
              ? Files.createTempDirectory("clicklake-conf-")
              : Files.createTempDirectory(Files.createDirectories(stateDir), "clicklake-conf-");
      Path file = folder.resolve("config.yaml");
      String text =
          new String(Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .flatMap(line -> withStateDir(line, stateDir).stream())
              .collect(Collectors.joining("\n", "", "\n"));
      Files.writeString(file, text + classLoading(folder));
      // The later registered is deleted first.
      folder.toFile().deleteOnExit();
      file.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("write a copy of " + resource, e);
    }
  }

  /** System properties that the engine reads. */
  Map<String, String> engineProperties() {
    Map<String, String> properties = new HashMap<>();
    for (String file : files) {
      String resource = FOLDER + file + ".properties";
      try (InputStream in = RunnerDefaults.class.getResourceAsStream(resource)) {
        if (in != null) {
          Properties read = new Properties();
          read.load(new InputStreamReader(in, StandardCharsets.UTF_8));
          read.stringPropertyNames()
              .forEach(
                  key ->
                      withStateDir(read.getProperty(key), stateDir)
                          .ifPresent(value -> properties.put(key, value)));
        }
      } catch (IOException e) {
        throw new UncheckedIOException("read " + resource, e);
      }
    }
    return properties;
  }
}
