package clicklake.flow;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.testing.LakesIn;
import clicklake.io.testing.ObjectStore;
import org.junit.jupiter.api.BeforeAll;

/** The same flows with the lake in an object store. */
@LakesIn("s3")
class GoldInStoreFlowTest extends GoldFlowTest {
  @BeforeAll
  static void theStoreKeepsLakes() {
    assertThat(ObjectStore.keepsLakes()).isTrue();
  }
}
