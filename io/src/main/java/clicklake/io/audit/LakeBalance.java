package clicklake.io.audit;

import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.OneLine;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an audit found: where every record of bronze ended, and everything that does not add up.
 *
 * <p>{@code bronze = silver + quarantine + outbox + duplicates + undecided} in a balanced lake, as
 * a whole and in every partition.
 *
 * @param bronze rows of bronze
 * @param silver rows of silver
 * @param quarantine rows of quarantine
 * @param outbox refused records that silver decided and quarantine does not hold yet
 * @param duplicates records that silver covers without a row or a refusal, counted in bronze
 * @param conflicts duplicates with other content than the event they repeat, says silver's ledger
 * @param undecided records that silver does not cover yet: they are on their way, or the job
 *     stopped before them
 * @param partitions the same by partition, sorted
 * @param faults what does not add up; none if the lake balances
 */
public record LakeBalance(
    long bronze,
    long silver,
    long quarantine,
    long outbox,
    long duplicates,
    long conflicts,
    long undecided,
    List<Partition> partitions,
    List<Fault> faults) {

  public LakeBalance {
    partitions = List.copyOf(partitions);
    faults = List.copyOf(faults);
  }

  /** Whether every record of bronze is accounted for, and nothing else is there. */
  public boolean balanced() {
    return faults.isEmpty();
  }

  /**
   * The figures of one partition; see {@link LakeBalance}.
   *
   * @param source topic, or path of a landing file
   * @param number Kafka partition, or generation of the path
   * @param lost positions whose records are lost: retention removed them before they were read
   */
  public record Partition(
      String source,
      int number,
      long bronze,
      long silver,
      long quarantine,
      long outbox,
      long duplicates,
      long conflicts,
      long undecided,
      OffsetRanges lost) {

    /** Its name, as part of one line. */
    public String shown() {
      return OneLine.of(source + "/" + number);
    }
  }

  /**
   * One kind of fault.
   *
   * @param count how many there are
   * @param examples the first of them, at most {@value LakeAudit#MOST_EXAMPLES}, sorted
   */
  public record Fault(Kind kind, long count, List<Example> examples) {
    public Fault {
      examples = List.copyOf(examples);
    }
  }

  /**
   * One fault.
   *
   * @param position where; null if a whole partition or table is at fault
   * @param detail what, in words
   */
  public record Example(@Nullable Position position, String detail) {}

  /** A position of a source. */
  public record Position(String source, int partition, long offset)
      implements Comparable<Position> {
    private static final Comparator<Position> ORDER =
        Comparator.comparing(Position::source)
            .thenComparingInt(Position::partition)
            .thenComparingLong(Position::offset);

    @Override
    public int compareTo(Position other) {
      return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
      return OneLine.of(source + "/" + partition + "@" + offset);
    }
  }

  /** What a fault means for the records. */
  public enum Effect {
    /** A record or event is not where it must be. */
    MISSING,
    /** A record or event is there more than once. */
    DOUBLED,
    /** The books do not agree with the tables. */
    WRONG
  }

  /** The kinds of faults. */
  public enum Kind {
    CHANGED_FROM_OUTSIDE(Effect.WRONG, "table changed from outside"),
    MISSING_FROM_BRONZE(Effect.MISSING, "decided or covered, but missing from bronze"),
    DUPLICATE_WITHOUT_ORIGINAL(
        Effect.MISSING, "neither event nor refused, and no copy of an event in silver"),
    DOUBLED_IN_BRONZE(Effect.DOUBLED, "position doubled in bronze"),
    DOUBLED_IN_SILVER(Effect.DOUBLED, "position doubled in silver"),
    DOUBLED_IN_QUARANTINE(Effect.DOUBLED, "position doubled in quarantine"),
    IN_SILVER_AND_QUARANTINE(Effect.DOUBLED, "position both in silver and in quarantine"),
    EVENT_TWICE(Effect.DOUBLED, "event twice in silver"),
    NOT_COVERED(Effect.WRONG, "row at a position that the ledger does not cover"),
    ROW_COUNT(Effect.WRONG, "number of rows is not the ledger's"),
    REJECT_COUNT(Effect.WRONG, "number of refused records is not the ledger's"),
    DUPLICATE_COUNT(Effect.WRONG, "number of duplicates is not the ledger's");

    private final Effect effect;
    private final String words;

    Kind(Effect effect, String words) {
      this.effect = effect;
      this.words = words;
    }

    public Effect effect() {
      return effect;
    }

    /** The kind in plain words. */
    public String words() {
      return words;
    }
  }
}
