package clicklake.jobs;

import clicklake.io.audit.EventKeyExtractor;
import clicklake.io.audit.LakeAudit;
import clicklake.io.audit.LakeBalance;
import clicklake.io.lake.EventLake;
import clicklake.options.Settings;
import clicklake.schemas.batch.EventRow;
import clicklake.schemas.contract.Dialect;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.offset.OneLine;
import clicklake.schemas.spill.SpillFolder;
import clicklake.schemas.table.LakeException;
import clicklake.transforms.gold.verify.GoldComparison;
import clicklake.transforms.parse.EventParser;
import clicklake.transforms.parse.ParserSettings;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The proof: recounts a lake, and prints where every record ended and what does not add up, for
 * people or as one JSON object.
 *
 * <p>It has three answers. The lake balances; or it does not; or nothing is wrong with it, but
 * records wait to be decided and nobody works on them.
 */
public final class VerifyJob {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Partitions that the table for people lists; beyond, only totals. */
  private static final int MOST_LINES = 50;

  private static final Duration MOST_FUTURE = Duration.ofDays(1_000_000);

  private final LakeLocation lake;
  private final Duration horizon;
  private final SpillFolder spills;
  private final Duration undecidedAfter;
  private final Clock clock;
  private final @Nullable VerifyGold gold;

  /**
   * @param horizon largest distance of the event times of one event, for a lake whose ledger does
   *     not say it
   */
  public VerifyJob(LakeLocation lake, Duration horizon) {
    this(lake, horizon, SpillFolder.OF_JVM);
  }

  /**
   * @param horizon largest distance of the event times of one event, for a lake whose ledger does
   *     not say it
   * @param spills takes ids that do not fit the heap
   */
  public VerifyJob(LakeLocation lake, Duration horizon, SpillFolder spills) {
    this(lake, horizon, spills, Settings.undecidedAfterByDefault(), Clock.systemUTC(), null);
  }

  /**
   * @param horizon largest distance of the event times of one event, for a lake whose ledger does
   *     not say it
   * @param spills takes ids that do not fit the heap
   * @param undecidedAfter when records are undecided and no job has committed for longer than this,
   *     nobody is taken to work on them
   * @param gold recounts gold, too; null to leave it
   */
  public VerifyJob(
      LakeLocation lake,
      Duration horizon,
      SpillFolder spills,
      Duration undecidedAfter,
      Clock clock,
      @Nullable VerifyGold gold) {
    this.lake = lake;
    this.horizon = horizon;
    this.spills = spills;
    this.undecidedAfter = undecidedAfter;
    this.clock = clock;
    this.gold = gold;
  }

  /**
   * Records that are not decided yet.
   *
   * @param count how many; 0 if all are decided
   * @param since when a job last committed
   * @param age how long ago that was
   * @param stalled whether that is too long ago for anybody to be at work
   */
  record Undecided(long count, Instant since, Duration age, boolean stalled) {
    static final Undecided NONE = new Undecided(0, Instant.EPOCH, Duration.ZERO, false);
  }

  /**
   * The answer.
   *
   * @param balance bronze, silver and quarantine, recounted
   * @param undecided what waits
   * @param gold gold's tables, recounted; null if nobody asked for them
   */
  record Verdict(LakeBalance balance, Undecided undecided, @Nullable List<GoldComparison> gold) {

    /** Whether all adds up, and somebody works on what is undecided. */
    boolean good() {
      return balance.balanced()
          && !undecided.stalled()
          && (gold == null || gold.stream().allMatch(GoldComparison::agrees));
    }
  }

  private Verdict verdict() {
    EventLake at = EventLake.at(lake);
    LakeBalance balance = LakeAudit.of(at, horizon, keys(), spills).run();
    return new Verdict(balance, undecided(at, balance), gold == null ? null : gold.run());
  }

  private Undecided undecided(EventLake at, LakeBalance balance) {
    if (balance.undecided() == 0) {
      return Undecided.NONE;
    }
    Instant now = clock.instant();
    Instant since = at.lastDecision().orElse(now);
    Duration age = Duration.between(since, now);
    return new Undecided(balance.undecided(), since, age, age.compareTo(undecidedAfter) > 0);
  }

  /**
   * Verifies.
   *
   * @param json whether to print one JSON object instead of a table
   * @return whether the lake balances, and somebody works on what is undecided
   * @throws LakeException if there is no lake, or it cannot be read
   */
  public boolean run(PrintStream out, boolean json) {
    Verdict verdict = verdict();
    if (json) {
      out.println(json(verdict));
    } else {
      print(out, verdict, MOST_LINES);
    }
    out.flush();
    return verdict.good();
  }

  private static void print(PrintStream out, List<GoldComparison> comparisons) {
    for (GoldComparison table : comparisons) {
      out.println(
          String.format(
              Locale.ROOT,
              "%-36s %,13d rows, of silver's version %d: %s",
              table.table(),
              table.rows(),
              table.silverVersion(),
              table.agrees()
                  ? "as recomputed"
                  : "NOT as recomputed, "
                      + grouped(table.absent())
                      + " absent and "
                      + grouped(table.wrong())
                      + " wrong"));
      table.examples().forEach(example -> out.println("  " + example));
    }
  }

  /**
   * Finds the event in a record that some parser once took for valid: either dialect, and none of
   * the limits that a deployment may choose. Not safe for use by several threads.
   */
  static EventKeyExtractor keys() {
    List<EventParser> parsers =
        Stream.of(Dialect.values())
            .map(dialect -> new ParserSettings(dialect, MOST_FUTURE, Long.MAX_VALUE, null))
            .map(EventParser::new)
            .toList();
    return (value, arrivalMillis) -> {
      byte[] bytes = value == null ? new byte[0] : value;
      for (EventParser parser : parsers) {
        if (parser.parse(bytes, 0, bytes.length, arrivalMillis)) {
          EventRow event = parser.event();
          return Optional.of(
              new EventKeyExtractor.Key(event.idHigh(), event.idLow(), event.eventMicros()));
        }
      }
      return Optional.empty();
    };
  }

  /** Verifies, and prints totals without the single partitions. */
  public boolean printTotals(PrintStream out) {
    Verdict verdict = verdict();
    print(out, verdict, 0);
    return verdict.good();
  }

  /** Prints what was counted, what does not add up, and the word if all does. */
  static void print(PrintStream out, Verdict verdict, int mostLines) {
    LakeBalance balance = verdict.balance();
    Undecided undecided = verdict.undecided();
    out.println(
        String.format(
            Locale.ROOT,
            "%13s %13s %13s %13s %13s  %s",
            "bronze",
            "silver",
            "quarantine",
            "duplicates",
            "undecided",
            "source"));
    int lines = 0;
    for (LakeBalance.Partition partition : balance.partitions()) {
      if (lines++ == mostLines) {
        if (mostLines > 0) {
          out.println("… and " + (balance.partitions().size() - mostLines) + " more partitions");
        }
        break;
      }
      line(
          out,
          partition.bronze(),
          partition.silver(),
          partition.quarantine() + partition.outbox(),
          partition.duplicates(),
          partition.undecided(),
          partition.shown());
    }
    line(
        out,
        balance.bronze(),
        balance.silver(),
        balance.quarantine() + balance.outbox(),
        balance.duplicates(),
        balance.undecided(),
        "total");
    if (balance.conflicts() > 0) {
      out.println(grouped(balance.conflicts()) + " duplicates have other content (conflicts)");
    }
    if (balance.outbox() > 0) {
      out.println(
          grouped(balance.outbox())
              + " refused records wait in silver's outbox to be published to quarantine");
    }
    if (undecided.count() > 0 && !undecided.stalled()) {
      out.println(
          grouped(undecided.count())
              + " records are in bronze and not decided yet: they are on their way (last commit "
              + words(undecided.age())
              + " ago)");
    }
    for (LakeBalance.Partition partition : balance.partitions()) {
      if (!partition.lost().isEmpty()) {
        out.println(
            grouped(partition.lost().size())
                + " offsets of "
                + partition.shown()
                + " are lost, given up with --acceptGap: "
                + partition.lost());
      }
    }
    if (undecided.stalled()) {
      out.println(
          grouped(undecided.count())
              + " records undecided since "
              + undecided.since().truncatedTo(ChronoUnit.SECONDS)
              + ", "
              + words(undecided.age())
              + " ago, and nothing is working on them: start the job on this lake again");
    }
    if (!balance.balanced()) {
      out.println("NOT balanced");
      balance.faults().forEach(fault -> print(out, fault));
    }
    if (verdict.gold() != null) {
      print(out, verdict.gold());
    }
    if (verdict.good()) {
      out.println("balanced");
    }
  }

  private static void print(PrintStream out, LakeBalance.Fault fault) {
    out.println(fault.kind().words() + ": " + grouped(fault.count()));
    for (LakeBalance.Example example : fault.examples()) {
      out.println(
          "  "
              + (example.position() == null ? "" : example.position() + ": ")
              + OneLine.of(example.detail()));
    }
    if (fault.count() > fault.examples().size()) {
      out.println("  … and " + grouped(fault.count() - fault.examples().size()) + " more");
    }
  }

  private static void line(
      PrintStream out,
      long bronze,
      long silver,
      long quarantine,
      long duplicates,
      long undecided,
      String what) {
    out.println(
        String.format(
            Locale.ROOT,
            "%,13d %,13d %,13d %,13d %,13d  %s",
            bronze,
            silver,
            quarantine,
            duplicates,
            undecided,
            what));
  }

  /** A duration in its two largest units. */
  private static String words(Duration duration) {
    if (duration.toDays() > 0) {
      return duration.toDays() + " d " + duration.toHoursPart() + " h";
    }
    if (duration.toHours() > 0) {
      return duration.toHours() + " h " + duration.toMinutesPart() + " min";
    }
    return duration.toMinutes() > 0
        ? duration.toMinutes() + " min " + duration.toSecondsPart() + " s"
        : Math.max(0, duration.toSeconds()) + " s";
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String json(Verdict verdict) {
    LakeBalance balance = verdict.balance();
    Undecided undecided = verdict.undecided();
    List<GoldComparison> gold = verdict.gold();
    ObjectNode node = JSON.createObjectNode();
    node.put("balanced", verdict.good())
        .put("bronze", balance.bronze())
        .put("silver", balance.silver())
        .put("quarantine", balance.quarantine())
        .put("outbox", balance.outbox())
        .put("duplicates", balance.duplicates())
        .put("conflicts", balance.conflicts())
        .put("undecided", balance.undecided())
        .put("undecidedSince", undecided.count() == 0 ? null : undecided.since().toString())
        .put("stalled", undecided.stalled());
    ArrayNode missing = node.putArray("missing");
    ArrayNode doubled = node.putArray("doubled");
    ArrayNode faults = node.putArray("faults");
    for (LakeBalance.Fault fault : balance.faults()) {
      ObjectNode one = faults.addObject();
      one.put("kind", fault.kind().name().toLowerCase(Locale.ROOT))
          .put("words", fault.kind().words())
          .put("count", fault.count());
      ArrayNode examples = one.putArray("examples");
      for (LakeBalance.Example example : fault.examples()) {
        ObjectNode entry = entry(example);
        examples.add(entry);
        switch (fault.kind().effect()) {
          case MISSING -> missing.add(entry.deepCopy());
          case DOUBLED -> doubled.add(entry.deepCopy());
          case WRONG -> {}
        }
      }
    }
    ArrayNode partitions = node.putArray("partitions");
    for (LakeBalance.Partition partition : balance.partitions()) {
      ArrayNode lost =
          partitions
              .addObject()
              .put("source", partition.source())
              .put("partition", partition.number())
              .put("bronze", partition.bronze())
              .put("silver", partition.silver())
              .put("quarantine", partition.quarantine())
              .put("outbox", partition.outbox())
              .put("duplicates", partition.duplicates())
              .put("conflicts", partition.conflicts())
              .put("undecided", partition.undecided())
              .putArray("lost");
      for (int run = 0; run < partition.lost().runCount(); run++) {
        lost.addArray().add(partition.lost().from(run)).add(partition.lost().to(run));
      }
    }
    if (gold != null) {
      ArrayNode tables = node.putArray("gold");
      for (GoldComparison table : gold) {
        ObjectNode one =
            tables
                .addObject()
                .put("table", table.table())
                .put("silverVersion", table.silverVersion())
                .put("rows", table.rows())
                .put("agrees", table.agrees())
                .put("absent", table.absent())
                .put("wrong", table.wrong());
        ArrayNode examples = one.putArray("examples");
        table.examples().forEach(examples::add);
      }
    }
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree that cannot be written: " + node, e);
    }
  }

  private static ObjectNode entry(LakeBalance.Example example) {
    ObjectNode entry = JSON.createObjectNode();
    LakeBalance.Position position = example.position();
    if (position != null) {
      entry
          .put("source", position.source())
          .put("partition", position.partition())
          .put("offset", position.offset());
    }
    return entry.put("detail", example.detail());
  }
}
