package clicklake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents name is in the tree. */
class DocumentsTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern CLASS_IN_WORDS = Pattern.compile("`([A-Z]\\w*[a-z]\\w*)`");
  private static final Pattern TEST_IN_WORDS = Pattern.compile("`([a-z][A-Za-z0-9]{24,})`");
  private static final Pattern CLASS =
      Pattern.compile("\\b(?:class|interface|enum|record) ([A-Z]\\w*)");
  private static final Pattern TEST = Pattern.compile("\\bvoid (\\w+)\\(");

  /** Of the JVM, Java, Beam, Spark and Delta Kernel, and a name of a field. */
  private static final Set<String> NOT_OURS =
      Set.of(
          "CombineFn",
          "DoFn",
          "Email",
          "FileIO",
          "Filter",
          "OffsetRange",
          "OutOfMemoryError",
          "Tier4",
          "UnboundedSource");

  @Test
  void everyClassAndEveryTestThatADocumentNamesExists() throws IOException {
    Set<String> classes = new HashSet<>(NOT_OURS);
    Set<String> tests = new HashSet<>();
    for (Path file : files(ROOT, ".java")) {
      String text = Files.readString(file);
      classes.addAll(found(CLASS, text));
      tests.addAll(found(TEST, text));
    }
    Set<String> missing = new TreeSet<>();
    for (Path document : documents()) {
      String text = Files.readString(document);
      found(CLASS_IN_WORDS, text).stream()
          .filter(name -> !classes.contains(name))
          .forEach(name -> missing.add(ROOT.relativize(document) + ": " + name));
      found(TEST_IN_WORDS, text).stream()
          .filter(name -> !tests.contains(name))
          .forEach(name -> missing.add(ROOT.relativize(document) + ": " + name));
    }

    assertThat(missing).isEmpty();
  }

  private static List<Path> documents() throws IOException {
    return Stream.concat(
            Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CHANGELOG.md")),
            files(ROOT.resolve("docs"), ".md").stream())
        .toList();
  }

  private static List<Path> files(Path folder, String ending) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.toString().endsWith(ending))
          .filter(file -> !file.toString().contains("/target/"))
          .toList();
    }
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1)).toList();
  }
}
