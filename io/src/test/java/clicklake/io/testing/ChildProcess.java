package clicklake.io.testing;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A process that a test starts, listens to, kills, suspends and resumes: mostly a JVM.
 *
 * <p>A JVM runs on the Java of the test JVM. The process's standard output and standard error go,
 * line by line, to one file and can be awaited; lines of the two never mix. It does not outlive the
 * test JVM: a shutdown hook kills what is left. (Only when the test JVM itself gets SIGKILL are
 * children left over.) All methods may be called from any thread.
 */
public final class ChildProcess implements AutoCloseable {

  private static final Set<ChildProcess> ALIVE = ConcurrentHashMap.newKeySet();
  private static final int TAIL_LINES = 40;

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> ALIVE.forEach(ChildProcess::kill9), "end-children"));
  }

  private final String name;
  private final Process process;
  private final Path log;
  private final Writer input;
  private final List<Thread> pumps;

  /** Guards {@link #lines} and {@link #openStreams}, and is notified when either changes. */
  private final Object outputChanged = new Object();

  private final List<String> lines = new ArrayList<>();
  private int openStreams = 2;

  private ChildProcess(
      String name, Process process, Path log, @Nullable Consumer<String> standardOutput)
      throws IOException {
    this.name = name;
    this.process = process;
    this.log = log;
    this.input =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    Writer copy = Files.newBufferedWriter(log);
    Consumer<String> capture = line -> capture(line, copy);
    this.pumps =
        List.of(
            pump(
                process.getInputStream(),
                standardOutput == null ? capture : standardOutput,
                copy,
                "stdout"),
            pump(process.getErrorStream(), capture, copy, "stderr"));
  }

  /** A JVM to be: everything but the main class has a default. */
  public static Builder java(String mainClass) {
    return new Builder(mainClass, true);
  }

  /** A process of another program: everything but the program has a default. */
  public static Builder program(String program) {
    return new Builder(program, false);
  }

  /**
   * The class path of the running test JVM, for a child that runs the project's own code, such as a
   * job that is to be killed.
   */
  public static String ownClassPath() {
    // Surefire may start the JVM with one jar that only names the others.
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /** Collects what a child is started with. Not thread-safe. */
  public static final class Builder {

    private final String main;
    private final boolean java;
    private final List<String> flags = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private String classPath = ownClassPath();
    private String name;
    private final List<String> wrapper = new ArrayList<>();
    private @Nullable Path log;
    private @Nullable Path directory;
    private @Nullable Consumer<String> standardOutput;

    private Builder(String main, boolean java) {
      this.main = main;
      this.java = java;
      this.name = main.substring(main.lastIndexOf(java ? '.' : '/') + 1);
    }

    /** What messages call the child; the simple name of its class or program by default. */
    public Builder name(String value) {
      name = value;
      return this;
    }

    /** The class path; {@link ChildProcess#ownClassPath()} by default. */
    public Builder classPath(String value) {
      classPath = value;
      return this;
    }

    /** Adds JVM flags, such as {@code -Xmx512m}. */
    public Builder flags(String... values) {
      flags.addAll(Arrays.asList(values));
      return this;
    }

    /** Adds arguments. */
    public Builder arguments(String... values) {
      arguments.addAll(Arrays.asList(values));
      return this;
    }

    /** Sets an environment variable, on top of those of the test JVM. */
    public Builder environment(String variable, String value) {
      environment.put(variable, value);
      return this;
    }

    /**
     * Adds words in front of the command, of a program that in the end replaces itself by it, such
     * as {@code setpriv}.
     */
    public Builder under(String... words) {
      wrapper.addAll(Arrays.asList(words));
      return this;
    }

    /** Takes from root what lets it read and write everything; any other user has it not. */
    public Builder withoutRootsRights() {
      return System.getProperty("user.name").equals("root")
          ? under("setpriv", "--bounding-set=-dac_override,-dac_read_search")
          : this;
    }

    /** The working directory; that of the test JVM by default. */
    public Builder directory(Path value) {
      directory = value;
      return this;
    }

    /** The file that captures both outputs, replaced if it exists; a temporary one by default. */
    public Builder log(Path value) {
      log = value;
      return this;
    }

    /**
     * Takes the lines of standard output out of the captured output, for a child that answers on
     * it. The consumer is called by one thread of the child.
     */
    public Builder standardOutputTo(Consumer<String> consumer) {
      standardOutput = consumer;
      return this;
    }

    /** Starts the child; returns as soon as the operating system has it. */
    public ChildProcess start() {
      List<String> command = new ArrayList<>(wrapper);
      if (java) {
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.add("-cp");
        command.add(classPath);
      }
      command.add(main);
      command.addAll(arguments);
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().putAll(environment);
      try {
        Path file = log;
        if (file == null) {
          file = Files.createTempFile("clicklake-" + name + "-", ".log");
          file.toFile().deleteOnExit();
        }
        if (directory != null) {
          builder.directory(directory.toFile());
        }
        ChildProcess child = new ChildProcess(name, builder.start(), file, standardOutput);
        ALIVE.add(child);
        child.whenEnded(() -> ALIVE.remove(child));
        return child;
      } catch (IOException failure) {
        throw new UncheckedIOException("Could not start the child process " + name, failure);
      }
    }
  }

  /** The operating system's id of the process. */
  public long pid() {
    return process.pid();
  }

  /** Whether the process runs (or is suspended). */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** The file with everything captured so far. */
  public Path log() {
    return log;
  }

  /** Every captured line so far. */
  public List<String> output() {
    synchronized (outputChanged) {
      return List.copyOf(lines);
    }
  }

  /** Waits for a line that contains {@code text}, from the first line of the output on. */
  public String awaitLine(String text, Duration timeout) {
    return await(0, line -> line.contains(text), "a line with \"" + text + "\"", timeout);
  }

  /**
   * Waits for a line that fits, among those from number {@code from} (zero-based) on: {@code
   * output().size()}, taken before the child is told to do something, is the number of the next
   * line.
   *
   * @return the first such line
   * @throws IllegalStateException when the time is up or the output ends without one; the message
   *     has the last lines of the output
   */
  public String awaitLine(int from, Predicate<String> fits, Duration timeout) {
    return await(from, fits, "the awaited line", timeout);
  }

  private String await(int from, Predicate<String> fits, String what, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    synchronized (outputChanged) {
      for (int next = from; ; ) {
        for (; next < lines.size(); next++) {
          if (fits.test(lines.get(next))) {
            return lines.get(next);
          }
        }
        if (openStreams == 0) {
          throw failure("ended without " + what);
        }
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          throw failure("did not write " + what + " within " + timeout);
        }
        try {
          outputChanged.wait(left);
        } catch (InterruptedException interrupted) {
          throw interrupted(interrupted);
        }
      }
    }
  }

  /** Writes one line to the child's standard input, in UTF-8, and flushes it. */
  public void writeLine(String line) {
    try {
      synchronized (input) {
        input.write(line);
        input.write('\n');
        input.flush();
      }
    } catch (IOException gone) {
      IllegalStateException failure = failure("no longer reads its standard input");
      failure.initCause(gone);
      throw failure;
    }
  }

  /** Ends the child's standard input. */
  public void closeInput() {
    try {
      synchronized (input) {
        input.close();
      }
    } catch (IOException alreadyGone) {
      // The child has ended and its end of the pipe with it: the input is closed all the same.
    }
  }

  /** SIGKILL; returns when the process is gone. */
  public void kill9() {
    process.toHandle().destroyForcibly();
    join();
  }

  /** SIGTERM; returns at once. A suspended child acts on it when it is resumed. */
  public void terminate() {
    // Not Process.destroy: that also closes the pipes, and the child's last words with them.
    process.toHandle().destroy();
  }

  /** SIGSTOP: the child does nothing any more, but keeps its connections and its memory. */
  public void suspend() {
    signal("STOP", pid());
    // A thread that runs on another core goes on until it is interrupted there.
    Awaitility.await("every thread of " + name + " stands still")
        .pollInterval(Duration.ofMillis(1))
        .until(this::standsStill);
  }

  private boolean standsStill() throws IOException {
    Path threads = Path.of("/proc/" + pid() + "/task");
    if (!Files.isDirectory(threads)) {
      return true;
    }
    try (Stream<Path> all = Files.list(threads)) {
      for (Path thread : all.toList()) {
        String status = Files.readString(thread.resolve("stat"));
        // The state follows the name, which stands in brackets and may hold anything.
        if (!status.substring(status.lastIndexOf(')')).startsWith(") T")) {
          return false;
        }
      }
    }
    return true;
  }

  /** SIGCONT: a suspended child goes on where it was. */
  public void resume() {
    signal("CONT", pid());
  }

  /**
   * Waits for the end of the process and of its output.
   *
   * @return the exit code; 128 + the signal's number after a signal (137 after {@link #kill9()})
   * @throws IllegalStateException when the time is up; the process goes on
   */
  public int waitFor(Duration timeout) {
    if (!endsWithin(timeout)) {
      throw failure("did not end within " + timeout);
    }
    join();
    return process.exitValue();
  }

  /** Waits for the end of the process, but no longer than so; says whether it came. */
  public boolean endsWithin(Duration time) {
    try {
      return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
  }

  /** Runs an action, on another thread, when the process and its output have ended. */
  public void whenEnded(Runnable action) {
    Thread waiting =
        new Thread(
            () -> {
              join();
              action.run();
            },
            name + "-end");
    waiting.setDaemon(true);
    waiting.start();
  }

  /** Kills the process if it still runs. */
  @Override
  public void close() {
    kill9();
    closeInput();
  }

  /** An error that says what the child did, with the last lines of its output. */
  IllegalStateException failure(String what) {
    String tail;
    synchronized (outputChanged) {
      tail =
          String.join("\n  ", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    }
    return new IllegalStateException(
        name + " (pid " + pid() + ") " + what + "; its output ends with:\n  " + tail);
  }

  /** Sends a process a signal, named without its SIG. */
  static void signal(String signal, long pid) {
    try {
      // The shell's own kill: a program of that name need not be installed.
      Process kill =
          new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid)
              .redirectErrorStream(true)
              .start();
      String said = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (kill.waitFor() != 0) {
        throw new IllegalStateException(
            "Process " + pid + " could not be sent SIG" + signal + " (" + said.strip() + ")");
      }
    } catch (IOException noShell) {
      throw new UncheckedIOException(noShell);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while signalling " + pid, interrupted);
    }
  }

  private void join() {
    try {
      process.waitFor();
      for (Thread pump : pumps) {
        // A grandchild that inherited the pipe would keep it open: do not wait for it.
        pump.join(Duration.ofSeconds(5).toMillis());
      }
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
  }

  private Thread pump(InputStream stream, Consumer<String> lineTo, Writer copy, String streamName) {
    Thread thread =
        new Thread(
            () -> {
              try (BufferedReader reader =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                  lineTo.accept(line);
                }
              } catch (IOException closed) {
                // Java closes the stream when the process ends: this is its end.
              } finally {
                streamEnded(copy);
              }
            },
            name + "-" + streamName);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void capture(String line, Writer copy) {
    synchronized (outputChanged) {
      lines.add(line);
      outputChanged.notifyAll();
      try {
        copy.write(line);
        copy.write('\n');
        copy.flush();
      } catch (IOException full) {
        throw new UncheckedIOException("Could not write to " + log, full);
      }
    }
  }

  private void streamEnded(Writer copy) {
    synchronized (outputChanged) {
      openStreams--;
      outputChanged.notifyAll();
      if (openStreams == 0) {
        try {
          copy.close();
        } catch (IOException full) {
          throw new UncheckedIOException("Could not write to " + log, full);
        }
      }
    }
  }

  private IllegalStateException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("Interrupted while waiting for " + name, cause);
  }
}
