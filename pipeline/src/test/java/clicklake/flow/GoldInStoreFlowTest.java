package clicklake.flow;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.testing.ObjectStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same flows with the lake in an object store. */
class GoldInStoreFlowTest extends GoldFlowTest {
  private static String before = "";

  @BeforeAll
  static void keepLakesInTheStore() {
    before = System.getProperty(ObjectStore.STORAGE, "");
    System.setProperty(ObjectStore.STORAGE, "s3");
    assertThat(ObjectStore.keepsLakes()).isTrue();
  }

  @AfterAll
  static void keepLakesAsBefore() {
    System.setProperty(ObjectStore.STORAGE, before);
  }
}
