package clicklake.crash;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Runs the program as Maven's exec:java does: loaded by a class loader of its own, while the JVM's
 * class path has nothing of it. The first argument is the program's class path.
 */
public final class LoadedApart {
  private LoadedApart() {}

  public static void main(String[] arguments) throws Exception {
    String[] places = arguments[0].split(File.pathSeparator, -1);
    URL[] urls = new URL[places.length];
    for (int i = 0; i < places.length; i++) {
      urls[i] = Path.of(places[i]).toUri().toURL();
    }
    URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getSystemClassLoader());
    Thread.currentThread().setContextClassLoader(loader);
    loader
        .loadClass("clicklake.Clicklake")
        .getMethod("main", String[].class)
        .invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
  }
}
