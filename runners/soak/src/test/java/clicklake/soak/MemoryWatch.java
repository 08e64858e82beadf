package clicklake.soak;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Looks at a running job's memory and processor time, again and again. */
final class MemoryWatch implements AutoCloseable {
  private final Job job;
  private final Report report;
  private final List<Sample> samples = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final ScheduledFuture<?> looking;
  private double cpuBefore;

  /**
   * One look.
   *
   * @param liveMebibytes heap that is left when all garbage is collected
   * @param residentMebibytes memory of the process, before that
   * @param decided records that silver had decided by then
   */
  record Sample(long liveMebibytes, long residentMebibytes, long decided) {}

  /** Looks first after one period. */
  MemoryWatch(Job job, long periodSeconds, Report report) {
    this.job = job;
    this.report = report;
    this.cpuBefore = job.cpuSeconds();
    this.looking =
        timer.scheduleAtFixedRate(this::look, periodSeconds, periodSeconds, TimeUnit.SECONDS);
  }

  private void look() {
    long resident = job.residentMebibytes();
    Sample sample = new Sample(job.liveMebibytes(), resident, job.counts().decided());
    samples.add(sample);
    double cpu = job.cpuSeconds();
    report.line(
        "look %d: %,d decided, live heap %d MiB, resident %d MiB, %.1f CPU-s since the last look",
        samples.size(),
        sample.decided(),
        sample.liveMebibytes(),
        sample.residentMebibytes(),
        cpu - cpuBefore);
    cpuBefore = cpu;
  }

  /** Ends looking; fails if a look did. */
  List<Sample> samples() {
    if (!looking.cancel(false)) {
      try {
        looking.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("the job could not be looked at: " + job.tail(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
    return List.copyOf(samples);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
