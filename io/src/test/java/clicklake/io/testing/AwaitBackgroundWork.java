package clicklake.io.testing;

import clicklake.schemas.table.BackgroundWork;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Waits after each test for what follows its commits in the background, before its folders are
 * deleted. JUnit finds it by itself.
 */
public final class AwaitBackgroundWork implements AfterEachCallback, AfterAllCallback {
  @Override
  public void afterEach(ExtensionContext test) throws InterruptedException {
    BackgroundWork.awaitAll();
  }

  @Override
  public void afterAll(ExtensionContext tests) throws InterruptedException {
    BackgroundWork.awaitAll();
  }
}
