package clicklake.options.read;

import clicklake.options.Option;
import clicklake.options.RunnerProfile;
import clicklake.options.value.RawValue;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads options from a YAML file: one flat mapping of keys, spelt as on the command line, to plain
 * values. A key without a value is as good as absent. Options of the runner that take several
 * values may have a list. Nothing is ever constructed from tags.
 */
final class YamlFile {
  private final String file;
  private final RunnerOptions runner;
  private final List<String> faults;
  private final boolean ofRunner;
  private final ConfigSource layer = new ConfigSource();
  private final Map<String, Mark> seen = new HashMap<>();

  private YamlFile(String file, RunnerOptions runner, List<String> faults, boolean ofRunner) {
    this.file = file;
    this.runner = runner;
    this.faults = faults;
    this.ofRunner = ofRunner;
  }

  /** Reads a file; what is wrong with it is added to the faults. */
  static ConfigSource read(RawValue config, RunnerOptions runner, List<String> faults) {
    YamlFile yaml = new YamlFile(config.text(), runner, faults, false);
    String what = "config=" + config.text() + " (" + config.origin() + "): ";
    try (Reader reader = Files.newBufferedReader(Path.of(config.text()), StandardCharsets.UTF_8)) {
      yaml.readFrom(reader);
    } catch (NoSuchFileException | InvalidPathException e) {
      faults.add(what + "there is no such file");
    } catch (CharacterCodingException e) {
      faults.add(what + "is not UTF-8 text");
    } catch (IOException e) {
      faults.add(what + "cannot be read: " + e.getMessage());
    }
    return yaml.layer;
  }

  /** Reads text; {@code file} only names it in faults and origins. */
  static ConfigSource read(String file, Reader text, RunnerOptions runner, List<String> faults)
      throws IOException {
    return read(file, text, runner, faults, false);
  }

  /** Reads a runner's resource, which may also hold the runner's profile. */
  static ConfigSource readOfRunner(
      String resource, Reader text, RunnerOptions runner, List<String> faults) throws IOException {
    return read(resource, text, runner, faults, true);
  }

  private static ConfigSource read(
      String file, Reader text, RunnerOptions runner, List<String> faults, boolean ofRunner)
      throws IOException {
    YamlFile yaml = new YamlFile(file, runner, faults, ofRunner);
    yaml.readFrom(text);
    return yaml.layer;
  }

  private void readFrom(Reader reader) throws IOException {
    Node root;
    try {
      root = new Yaml(new LoaderOptions()).compose(reader);
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      faults.add((mark == null ? file : at(mark)) + ": not YAML: " + e.getProblem());
      return;
    } catch (YAMLException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      faults.add(file + ": not YAML: " + firstLine(e.getMessage()));
      return;
    }
    if (root == null || isNull(root)) {
      return;
    }
    if (!(root instanceof MappingNode mapping)) {
      faults.add(at(root.getStartMark()) + ": not a mapping; write lines of key: value");
      return;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      read(tuple.getKeyNode(), tuple.getValueNode());
    }
  }

  private void read(Node keyNode, Node value) {
    Mark mark = keyNode.getStartMark();
    if (!(keyNode instanceof ScalarNode scalar)) {
      faults.add(at(mark) + ": a key must be a plain word");
      return;
    }
    String key = scalar.getValue();
    Mark earlier = seen.putIfAbsent(key, mark);
    if (earlier != null) {
      faults.add(at(mark) + ": " + key + " is already set in line " + (earlier.getLine() + 1));
      return;
    }
    if (ofRunner && key.startsWith(RunnerProfile.PREFIX)) {
      String text = textOf(key, value);
      if (text != null) {
        layer.putProfile(
            key.substring(RunnerProfile.PREFIX.length()), new RawValue(text, origin(mark)));
      }
      return;
    }
    Optional<Option> option = Option.of(key);
    if (option.isEmpty() && !runner.knows(key)) {
      faults.add(at(mark) + ": unknown key " + key + CommandLine.hint("", key, runner));
    } else if (option.filter(Option.CONFIG::equals).isPresent()) {
      faults.add(at(mark) + ": config is for the command line; a file names no other file");
    } else if (value instanceof SequenceNode list && runner.isList(key)) {
      for (Node item : list.getValue()) {
        String text = textOf(key, item);
        if (text != null) {
          layer.add(key, new RawValue(text, origin(mark)));
        }
      }
    } else {
      String text = textOf(key, value);
      if (text != null && option.isPresent()) {
        layer.put(option.get(), new RawValue(text, origin(mark)));
      } else if (text != null) {
        layer.add(key, new RawValue(text, origin(mark)));
      }
    }
  }

  /** The value's text as it was written; null if it has none. */
  private @Nullable String textOf(String key, Node value) {
    if (!(value instanceof ScalarNode scalar)) {
      faults.add(
          at(value.getStartMark())
              + ": "
              + key
              + " must have a plain value; keys are not nested here");
      return null;
    }
    return isNull(value) || scalar.getValue().isEmpty() ? null : scalar.getValue();
  }

  private static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  private String origin(Mark mark) {
    return file + ":" + (mark.getLine() + 1);
  }

  private String at(Mark mark) {
    return origin(mark) + ":" + (mark.getColumn() + 1);
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }
}
