package clicklake.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.testing.BuiltFile;
import clicklake.io.testing.SparkCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JarContentsTest {
  private static final String FLINK = "runners/flink/target/clicklake-flink.jar";
  private static final String SPARK = "runners/spark/target/clicklake-spark.jar";

  @ParameterizedTest
  @ValueSource(strings = {FLINK, SPARK})
  void aJarStartsTheProgramAndCarriesNoSignatures(String jar) throws IOException {
    try (JarFile file = new JarFile(BuiltFile.at(jar).toFile())) {
      assertThat(file.getManifest().getMainAttributes().getValue(Attributes.Name.MAIN_CLASS))
          .isEqualTo("clicklake.Clicklake");
      assertThat(file.stream().map(ZipEntry::getName))
          .contains("clicklake/Clicklake.class")
          .noneMatch(name -> name.matches("META-INF/[^/]+\\.(SF|DSA|RSA)"));
    }
  }

  @Test
  void theJarForSparkHasNoPackageOfSparksLibraries() throws IOException {
    Set<String> both = packages(BuiltFile.at(SPARK));
    Set<String> sparks = new HashSet<>();
    for (Path library : SparkCluster.libraries()) {
      sparks.addAll(packages(library));
    }
    assertThat(sparks).contains("org.apache.parquet.hadoop", "org.apache.avro");

    both.retainAll(sparks);

    assertThat(both).isEmpty();
  }

  @Test
  void theJarForFlinkHasNothingThatFlinkTakesFromItselfFirst() throws IOException {
    assertThat(packages(BuiltFile.at(FLINK)))
        .contains("org.apache.hadoop.fs")
        .noneMatch(
            name ->
                List.of(
                        "org.apache.flink.",
                        "org.slf4j",
                        "org.apache.log4j",
                        "org.apache.logging",
                        "ch.qos.logback",
                        "com.esotericsoftware.kryo",
                        "scala.")
                    .stream()
                    .anyMatch(name::startsWith));
  }

  private static Set<String> packages(Path jar) throws IOException {
    Set<String> packages = new HashSet<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      file.stream()
          .map(ZipEntry::getName)
          .filter(name -> name.endsWith(".class") && name.indexOf('/') > 0)
          .filter(name -> !name.startsWith("META-INF/"))
          .forEach(
              name -> packages.add(name.substring(0, name.lastIndexOf('/')).replace('/', '.')));
    }
    return packages;
  }
}
