package clicklake.io.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceClassPathTest {

  private static final String REMEDY = "mvn -q -pl io/services/some-service compile";

  @TempDir Path root;
  private Path target;

  @BeforeEach
  void aProject() throws IOException {
    Files.createDirectory(root.resolve(".mvn"));
    Files.writeString(root.resolve("pom.xml"), "<artifactId>clicklake</artifactId>");
    target = Files.createDirectories(root.resolve("io/services/some-service/target"));
  }

  @Test
  void theModulesClassesStandBeforeItsLibraries() throws IOException {
    Path library = Files.createFile(root.resolve("library.jar"));
    Path classes = Files.createDirectory(target.resolve("classes"));
    Files.writeString(target.resolve("classpath.txt"), library + "\n");

    assertThat(ServiceClassPath.of(root, "some-service"))
        .isEqualTo(classes + File.pathSeparator + library);
  }

  @Test
  void aServiceThatWasNotBuiltIsAnErrorThatNamesTheCommand() {
    assertThatThrownBy(() -> ServiceClassPath.of(root, "some-service"))
        .hasMessageContaining("some-service")
        .hasMessageContaining(REMEDY);
  }

  @Test
  void aLibraryThatIsGoneIsAnErrorThatNamesItAndTheCommand() throws IOException {
    Path gone = root.resolve("gone.jar");
    Files.writeString(target.resolve("classpath.txt"), gone.toString());

    assertThatThrownBy(() -> ServiceClassPath.of(root, "some-service"))
        .hasMessageContaining(gone.toString())
        .hasMessageContaining(REMEDY);
  }

  @Test
  void theRootIsFoundFromAnyFolderBelow() {
    assertThat(ServiceClassPath.projectRoot(target)).isEqualTo(root);
  }

  @Test
  void aModulesPomIsNotTheRoot() throws IOException {
    Path module = Files.createDirectory(root.resolve("module"));
    Files.writeString(module.resolve("pom.xml"), "<parent><artifactId>clicklake</artifactId>");

    assertThat(ServiceClassPath.projectRoot(module)).isEqualTo(root);
  }
}
