package clicklake.bench.jmh;

import clicklake.transforms.parse.EventParser;
import clicklake.transforms.parse.ParserSettings;
import clicklake.transforms.pseudonym.PseudonymKey;





import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** From bytes to a checked event. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class ParserBenchmark {
  private static final int EVENTS = 1024;

  /** Events of version 1, of version 2, and of version 2 with an address to replace. */
  @Param({"v1", "v2", "v2-pseudonym"})
  public String event = "v1";

  private List<byte[]> lines = List.of();
  private EventParser parser = new EventParser(ParserSettings.DEFAULTS);

  @Setup
  public void generate() {
    boolean pseudonym = event.endsWith("pseudonym");
    lines = Samples.lines(EVENTS, event.startsWith("v1") ? 1 : 2, pseudonym, 1);
    if (pseudonym) {
      PseudonymKey key = new PseudonymKey("bench", new byte[PseudonymKey.SHORTEST_SECRET]);
      parser = new EventParser(ParserSettings.DEFAULTS.withKey(key));
    }
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void parse(Blackhole sink) {
    for (byte[] line : lines) {
      sink.consume(parser.parse(line, 0, line.length, Samples.ARRIVAL));
      sink.consume(parser.event());
    }
  }
}
