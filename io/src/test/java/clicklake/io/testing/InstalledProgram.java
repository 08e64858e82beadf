package clicklake.io.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Programs that tests need and the machine may lack: installed from Debian's or npm's packages when
 * they are first asked for. One test JVM installs, others wait for it.
 */
public final class InstalledProgram {
  private static final Path LOCK =
      Path.of(System.getProperty("java.io.tmpdir"), "clicklake-installs.lock");

  private InstalledProgram() {}

  /**
   * The path of a program of a Debian package.
   *
   * @throws IllegalStateException if it is not there and cannot be installed; the message says how
   *     to do it by hand
   */
  public static Path ofDebian(String program, String debianPackage) {
    Path installed = Path.of("/usr/bin", program);
    Path forServers = Path.of("/usr/sbin", program);
    String remedy = "; install it by hand: sudo apt-get install " + debianPackage;
    return alone(
        () -> {
          if (!Files.exists(installed) && !Files.exists(forServers)) {
            if (!System.getProperty("user.name").equals("root")) {
              throw new IllegalStateException("tests need " + program + remedy);
            }
            run(remedy, "apt-get", "-q", "update");
            run(remedy, "apt-get", "-qy", "--no-install-recommends", "install", debianPackage);
          }
          return Files.exists(installed) ? installed : forServers;
        });
  }

  /**
   * The folder of an npm package of this very version, below the build's folders.
   *
   * @throws IllegalStateException if it cannot be installed
   */
  static Path ofNpm(String name, String version) {
    Path folder =
        ServiceClassPath.projectRoot().resolve("io/target/npm").resolve(name + "-" + version);
    String remedy = "; look at it by hand: npm install " + name + "@" + version;
    ofDebian("node", "nodejs");
    ofDebian("npm", "npm");
    return alone(
        () -> {
          Path done = folder.resolve("installed");
          if (!Files.exists(done)) {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("package.json"), "{\"private\": true}\n");
            run(
                remedy,
                "npm",
                "install",
                "--no-audit",
                "--no-fund",
                "--prefix",
                folder.toString(),
                name + "@" + version);
            Files.writeString(done, version);
          }
          return folder;
        });
  }

  private interface Install {
    Path run() throws IOException, InterruptedException;
  }

  private static synchronized Path alone(Install install) {
    try (FileChannel channel =
            FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (!lock.isValid()) {
        throw new IOException("the lock " + LOCK + " was lost");
      }
      return install.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while installing", e);
    }
  }

  private static void run(String remedy, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(new ArrayList<>(List.of(command))).redirectErrorStream(true);
    builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(String.join(" ", command) + " failed" + remedy + "\n" + said);
    }
  }
}
