package clicklake.io.append;

import clicklake.io.testing.ObjectStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same with the tables in an object store. */
class DeltaIOInStoreTest extends DeltaIOTest {
  private static String before = "";

  @BeforeAll
  static void keepLakesInTheStore() {
    before = System.getProperty(ObjectStore.STORAGE, "");
    System.setProperty(ObjectStore.STORAGE, "s3");
  }

  @AfterAll
  static void keepLakesAsBefore() {
    System.setProperty(ObjectStore.STORAGE, before);
  }
}
