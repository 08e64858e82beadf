package clicklake.jobs;

import clicklake.options.ProduceSettings;
import clicklake.options.Settings;
import clicklake.options.SourceKind;
import clicklake.produce.KafkaEventProducer;
import clicklake.produce.LandingProducer;
import clicklake.produce.ProduceProgress;
import clicklake.produce.ProducedCounts;
import clicklake.produce.RateLimiter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Objects;

/** Produces events to a landing folder or a topic. */
public final class ProduceJob {
  private final Settings settings;

  public ProduceJob(Settings settings) {
    this.settings = settings;
  }

  public int run(PrintStream out) throws IOException, InterruptedException {
    print(out, produce(ProduceProgress.SILENT));
    return 0;
  }

  public ProducedCounts produce(ProduceProgress progress) throws IOException, InterruptedException {
    ProduceSettings produce = settings.produce();
    RateLimiter pace = RateLimiter.of(produce.rate());
    if (produce.to() == SourceKind.KAFKA) {
      return new KafkaEventProducer(
              Objects.requireNonNull(
                  settings.kafka().bootstrapServers(), "checked with the options"),
              settings.kafka().topic(),
              produce.partitions(),
              settings.kafka().client().values())
          .produce(produce.plan(), pace, progress);
    }
    return LandingProducer.of(Path.of(settings.landing()), produce.gzip(), produce.rate())
        .produce(produce.plan(), pace, progress)
        .counts();
  }

  public static void print(PrintStream out, ProducedCounts counts) {
    out.println("produced");
    CountsTable.line(out, "records", counts.records(), "written");
    CountsTable.line(out, "events", counts.events(), "valid and unique");
    CountsTable.line(out, "duplicates", counts.duplicates(), "copies of earlier events");
    CountsTable.line(out, "broken", counts.rejected(), "against the contract");
    CountsTable.line(out, "late", counts.late(), "minutes behind the others");
  }
}
