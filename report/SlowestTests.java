import static java.util.Comparator.comparingDouble;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Prints the slowest tests of a build, and what each module's tests took, from the XML reports of
 * all modules: {@code java report/SlowestTests.java PROJECT [BUILD-START]}.
 *
 * <p>Reports from before the build's start are of other builds, and left out. Nothing that is wrong
 * with a report fails the build; the tests themselves have done so by now where they should.
 */
final class SlowestTests {
  private static final int SHOWN = 20;
  private static final int WIDTH = 140;

  private record Test(String module, String name, double seconds) {}

  private record Totals(int tests, double inTests, double inClasses) {
    static final Totals NONE = new Totals(0, 0, 0);

    Totals plus(Totals other) {
      return new Totals(tests + other.tests, inTests + other.inTests, inClasses + other.inClasses);
    }
  }

  private final List<Test> tests = new ArrayList<>();
  private final Map<String, Totals> modules = new TreeMap<>();

  public static void main(String[] arguments) {
    try {
      Path project = Path.of(arguments[0]).toRealPath();
      Instant start = arguments.length > 1 ? Instant.parse(arguments[1]) : Instant.MIN;
      SlowestTests report = new SlowestTests();
      report.collect(project, project, start);
      report.print();
    } catch (IOException | RuntimeException e) {
      System.out.println("No report of the slowest tests: " + e);
    }
  }

  /** Looks for modules, which are folders with a pom. */
  private void collect(Path project, Path folder, Instant start) throws IOException {
    Path reports = folder.resolve("target/surefire-reports");
    if (Files.exists(folder.resolve("pom.xml")) && Files.isDirectory(reports)) {
      String module = project.relativize(folder).toString().replace('\\', '/');
      try (Stream<Path> files = Files.list(reports)) {
        for (Path file : files.sorted().toList()) {
          if (file.getFileName().toString().matches("TEST-.*\\.xml")
              && !Files.getLastModifiedTime(file).toInstant().isBefore(start)) {
            read(module, file);
          }
        }
      }
    }
    try (Stream<Path> folders = Files.list(folder)) {
      for (Path inner : folders.filter(Files::isDirectory).sorted().toList()) {
        String name = inner.getFileName().toString();
        if (!name.startsWith(".") && !name.equals("target") && !name.equals("src")) {
          collect(project, inner, start);
        }
      }
    }
  }

  private void read(String module, Path file) {
    try {
      Document report =
          DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
      NodeList cases = report.getElementsByTagName("testcase");
      double sum = 0;
      for (int i = 0; i < cases.getLength(); i++) {
        Element test = (Element) cases.item(i);
        String type = test.getAttribute("classname");
        double seconds = seconds(test);
        sum += seconds;
        tests.add(
            new Test(
                module,
                oneLine(
                    type.substring(type.lastIndexOf('.') + 1) + "." + test.getAttribute("name")),
                seconds));
      }
      modules.merge(
          module,
          new Totals(cases.getLength(), sum, Math.max(sum, seconds(report.getDocumentElement()))),
          Totals::plus);
    } catch (Exception unreadable) {
      System.out.println("Left out of the report, unreadable: " + file + ": " + unreadable);
    }
  }

  /** Names may hold a test's arguments, whatever is in them. */
  private static String oneLine(String name) {
    String line = name.replaceAll("\\p{Cntrl}", " ");
    return line.length() > WIDTH ? line.substring(0, WIDTH) + "…" : line;
  }

  private static double seconds(Element element) {
    return Double.parseDouble(element.getAttribute("time").replace(",", ""));
  }

  private void print() {
    StringBuilder out = new StringBuilder(String.format("%nThe slowest tests:%n"));
    tests.stream()
        .sorted(comparingDouble(Test::seconds).reversed())
        .limit(SHOWN)
        .forEach(
            test ->
                out.append(
                    String.format(
                        Locale.ROOT,
                        "%8.1f s  %-18s  %s%n",
                        test.seconds,
                        test.module,
                        test.name)));
    out.append(String.format("%nThe modules' tests; those of one class may run side by side:%n"));
    Totals all = Totals.NONE;
    for (Map.Entry<String, Totals> module : modules.entrySet()) {
      out.append(line(module.getKey(), module.getValue()));
      all = all.plus(module.getValue());
    }
    System.out.print(out.append(line("all", all)));
  }

  private static String line(String name, Totals totals) {
    return String.format(
        Locale.ROOT,
        "%8.1f s  %-18s  %5d tests, %.1f s around them%n",
        totals.inClasses,
        name,
        totals.tests,
        totals.inClasses - totals.inTests);
  }
}
