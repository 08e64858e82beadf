package clicklake;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.apache.beam.sdk.coders.SerializableCoder;

/** The arrows between modules and packages, as docs/ARCHITECTURE.md draws them. */
@AnalyzeClasses(packages = "clicklake", importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleArrowsTest {

  @ArchTest
  static final ArchRule schemasKnowNobody =
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
              "clicklake.options..",
              "clicklake.produce..");

  @ArchTest
  static final ArchRule transformsDoNoInputOrOutput =
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
              "org.apache.hadoop..");

  @ArchTest
  static final ArchRule inputAndOutputKnowNoTransforms =
      noClasses()
          .that()
          .resideInAPackage("clicklake.io..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "clicklake.transforms..",
              "clicklake.pipeline..",
              "clicklake.jobs..",
              "clicklake.options..",
              "clicklake.produce..");

  @ArchTest
  static final ArchRule onlyTheDeltaPackageTouchesDeltaKernel =
      noClasses()
          .that()
          .resideOutsideOfPackage("clicklake.io.delta..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.delta..", "org.apache.parquet..");

  @ArchTest
  static final ArchRule onlyTheKafkaPackagesTouchKafka =
      noClasses()
          .that()
          .resideOutsideOfPackages("clicklake.io.kafka..", "clicklake.produce..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka..");

  @ArchTest
  static final ArchRule nobodyKnowsARunner =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.beam.runners..", "org.apache.flink..", "org.apache.spark..");

  @ArchTest
  static final ArchRule nothingIsEncodedByJavaSerialization =
      noClasses().should().dependOnClassesThat().areAssignableTo(SerializableCoder.class);

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("clicklake.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule everyExceptionOfOursSaysWhatItIs =
      classes()
          .that()
          .areAssignableTo(Throwable.class)
          .should()
          .haveSimpleNameEndingWith("Exception")
          .orShould()
          .haveSimpleName("CorruptTable")
          .orShould()
          .haveSimpleName("CommitConflict")
          .orShould()
          .haveSimpleName("FileChanged");
}
