package clicklake.options.read;

import clicklake.options.ClicklakeOptions;
import clicklake.options.Option;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * The options of Beam itself and of every runner and file system on the class path: what may be
 * given beside our own.
 */
final class RunnerOptions {
  /** How values of an option are written. */
  enum Shape {
    FLAG,
    TEXT,
    LIST
  }

  private final Map<String, Shape> shapes;

  private RunnerOptions(Map<String, Shape> shapes) {
    this.shapes = shapes;
  }

  /** All that are registered. */
  static RunnerOptions registered() {
    Map<String, Shape> shapes = new TreeMap<>();
    for (Class<? extends PipelineOptions> options : PipelineOptionsFactory.getRegisteredOptions()) {
      if (!options.equals(ClicklakeOptions.class)) {
        addTo(shapes, options);
      }
    }
    addTo(shapes, PipelineOptions.class);
    // Our own names win, whatever else is registered.
    for (Option option : Option.values()) {
      shapes.remove(option.key());
    }
    return new RunnerOptions(shapes);
  }

  private static void addTo(Map<String, Shape> shapes, Class<? extends PipelineOptions> options) {
    for (Method method : options.getMethods()) {
      if (method.getParameterCount() == 0) {
        int prefix =
            method.getName().startsWith("get") ? 3 : method.getName().startsWith("is") ? 2 : 0;
        String name = method.getName().substring(prefix);
        if (prefix > 0 && !name.isEmpty() && Character.isUpperCase(name.charAt(0))) {
          shapes.put(decapitalised(name), shapeOf(method.getReturnType()));
        }
      }
    }
  }

  /** As the Java Beans convention has it: {@code S3Key} is {@code s3Key}, {@code URL} stays. */
  private static String decapitalised(String name) {
    return name.length() > 1 && Character.isUpperCase(name.charAt(1))
        ? name
        : name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }

  private static Shape shapeOf(Class<?> type) {
    if (type == boolean.class || type == Boolean.class) {
      return Shape.FLAG;
    }
    return type.isArray() || Collection.class.isAssignableFrom(type) ? Shape.LIST : Shape.TEXT;
  }

  boolean knows(String key) {
    return shapes.containsKey(key);
  }

  boolean isFlag(String key) {
    return shapes.get(key) == Shape.FLAG;
  }

  boolean isList(String key) {
    return shapes.get(key) == Shape.LIST;
  }

  Collection<String> keys() {
    return shapes.keySet();
  }
}
