package clicklake;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.junit.jupiter.api.Test;

/** The arrows between modules and packages, as docs/ARCHITECTURE.md draws them. */
class ModuleArrowsTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("clicklake");

  private static void check(ArchRule rule) {
    rule.check(CLASSES);
  }

  @Test
  void everyModuleIsLookedAt() {
    assertThat(CLASSES)
        .extracting(JavaClass::getPackageName)
        .contains(
            "clicklake.schemas.batch",
            "clicklake.transforms.parse",
            "clicklake.io.commit",
            "clicklake.pipeline");
  }

  @Test
  void schemasKnowNobody() {
    check(
        noClasses()
            .that()
            .resideInAPackage("clicklake.schemas..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "clicklake",
                "clicklake.transforms..",
                "clicklake.io..",
                "clicklake.pipeline..",
                "clicklake.jobs..",
                "clicklake.demo..",
                "clicklake.console..",
                "clicklake.options..",
                "clicklake.produce.."));
  }

  @Test
  void transformsDoNoInputOrOutput() {
    check(
        noClasses()
            .that()
            .resideInAPackage("clicklake.transforms..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "clicklake.io..",
                "java.nio.file..",
                "java.net..",
                "io.delta..",
                "org.apache.kafka..",
                "org.apache.parquet..",
                "org.apache.hadoop.."));
  }

  @Test
  void inputAndOutputKnowNoTransforms() {
    check(
        noClasses()
            .that()
            .resideInAPackage("clicklake.io..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "clicklake.transforms..",
                "clicklake.pipeline..",
                "clicklake.jobs..",
                "clicklake.demo..",
                "clicklake.console..",
                "clicklake.options..",
                "clicklake.produce.."));
  }

  @Test
  void onlyThreePackagesTouchDeltaKernelOrParquet() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(
                "clicklake.io.delta..", "clicklake.io.parquet..", "clicklake.io.storage..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.delta..", "org.apache.parquet.."));
  }

  @Test
  void theCommitProtocolKnowsNoTableFormat() {
    check(
        noClasses()
            .that()
            .resideInAPackage("clicklake.io.commit..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "clicklake.io.delta..",
                "clicklake.io.parquet..",
                "clicklake.io.storage..",
                "clicklake.io.lake.."));
  }

  @Test
  void onlyTheKafkaPackagesTouchKafka() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(
                "clicklake.io.kafka..", "clicklake.io.broker..", "clicklake.produce..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.kafka.."));
  }

  @Test
  void nobodyKnowsARunner() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "org.apache.beam.runners..", "org.apache.flink..", "org.apache.spark.."));
  }

  @Test
  void nothingIsEncodedByJavaSerialization() {
    check(noClasses().should().dependOnClassesThat().areAssignableTo(SerializableCoder.class));
  }

  @Test
  void packagesHaveNoCycles() {
    check(slices().matching("clicklake.(**)").should().beFreeOfCycles());
  }
}
