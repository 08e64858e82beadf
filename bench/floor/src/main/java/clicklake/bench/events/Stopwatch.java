package clicklake.bench.events;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** What a job took from the moment its engine was up; {@link #json} is the line a peer prints. */
public final class Stopwatch {
  private final double startSeconds =
      (System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime()) / 1e3;
  private final long startCpu = cpuNanos();
  private final long startNanos = System.nanoTime();

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /**
   * @param peer its name
   * @param more further members, each with a comma before it
   */
  public String json(String peer, String more) {
    return String.format(
        Locale.ROOT,
        "{\"peer\":\"%s\",\"start_s\":%.2f,\"job_s\":%.2f,\"start_cpu_s\":%.2f,\"job_cpu_s\":%.2f%s}",
        peer,
        startSeconds,
        (System.nanoTime() - startNanos) / 1e9,
        startCpu / 1e9,
        (cpuNanos() - startCpu) / 1e9,
        more);
  }
}
