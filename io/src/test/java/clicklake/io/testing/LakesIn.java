package clicklake.io.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * The tests of a class keep their lakes on disk or in a store, whatever {@link ObjectStore#STORAGE}
 * says to the others. No class beside them in this JVM may run at the same time.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(LakesIn.Setting.class)
public @interface LakesIn {
  /** Where: {@code disk} or {@code s3}. */
  String value();

  /** Sets the property for a class, and sets it back. */
  final class Setting implements BeforeAllCallback, AfterAllCallback {
    private static final Namespace NAMESPACE = Namespace.create(LakesIn.class);

    @Override
    public void beforeAll(ExtensionContext context) {
      context
          .getStore(NAMESPACE)
          .put(ObjectStore.STORAGE, System.getProperty(ObjectStore.STORAGE, ""));
      System.setProperty(
          ObjectStore.STORAGE, context.getRequiredTestClass().getAnnotation(LakesIn.class).value());
    }

    @Override
    public void afterAll(ExtensionContext context) {
      System.setProperty(
          ObjectStore.STORAGE, context.getStore(NAMESPACE).get(ObjectStore.STORAGE, String.class));
    }
  }
}
