package clicklake.io.delta;

import clicklake.schemas.batch.Coverage;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.PartitionId;
import clicklake.schemas.batch.Runs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The next ledger of a table while its committer decides. */
final class LedgerDraft {
  /** What a finished file's name may have on average before fewer of them are kept. */
  private static final int CHARACTERS_OF_A_NAME = 500;

  private final Ledger base;
  private final Map<PartitionId, Entry> entries = new HashMap<>();
  private long rowCount;
  private String rules;
  private List<Ledger.OutboxEntry> outbox;
  private long lastSeq;
  private boolean changed;

  /** What changes of one partition. */
  private static final class Entry {
    Runs covered;

    /** Positions covered one by one, not yet in {@link #covered}. */
    final Set<Long> singles = new HashSet<>();

    long rows;
    long duplicates;
    long conflicts;
    long rejects;
    long end;

    Entry(Ledger.Partition partition) {
      covered = partition.covered();
      rows = partition.rows();
      duplicates = partition.duplicates();
      conflicts = partition.conflicts();
      rejects = partition.rejects();
      end = partition.end();
    }

    Runs covered() {
      if (!singles.isEmpty()) {
        Runs.Builder runs = Runs.builder();
        singles.forEach(runs::add);
        covered = covered.union(runs.build());
        singles.clear();
      }
      return covered;
    }
  }

  LedgerDraft(Ledger base) {
    this.base = base;
    this.rowCount = base.rowCount();
    this.rules = base.rules();
    this.outbox = base.outbox();
    this.lastSeq = base.lastSeq();
  }

  private Entry entry(PartitionId id) {
    return entries.computeIfAbsent(
        id,
        unread -> {
          Ledger.Partition known = base.partition(unread.name());
          return new Entry(known == null ? Ledger.Partition.unread(unread) : known);
        });
  }

  /** Positions covered by the base and by this draft so far. */
  Runs covered(PartitionId id) {
    Entry entry = entries.get(id);
    return entry == null ? base.covered(id) : entry.covered();
  }

  /** Whether one position is covered; cheap after {@link #coverDuplicate}. */
  boolean isCovered(PartitionId id, long offset) {
    Entry entry = entry(id);
    return entry.singles.contains(offset) || entry.covered.contains(offset);
  }

  /** Covers positions, {@code rows} of which are rows of the table. */
  void cover(Coverage coverage) {
    Entry entry = entry(coverage.partition());
    entry.covered = entry.covered().union(coverage.runs());
    entry.rows += coverage.rows();
    rowCount += coverage.rows();
    changed |= !coverage.runs().isEmpty();
  }

  /** Covers refused records. */
  void coverRejects(Coverage coverage) {
    Entry entry = entry(coverage.partition());
    entry.covered = entry.covered().union(coverage.runs());
    entry.rejects += coverage.rows();
    changed |= !coverage.runs().isEmpty();
  }

  /** Covers and counts a duplicate. Positions must not come twice. */
  void coverDuplicate(PartitionId id, long offset) {
    Entry entry = entry(id);
    entry.singles.add(offset);
    entry.duplicates++;
    changed = true;
  }

  /** Makes a row whose position is covered a duplicate. */
  void rowBecomesDuplicate(PartitionId id, boolean conflict) {
    Entry entry = entry(id);
    entry.rows--;
    entry.duplicates++;
    entry.conflicts += conflict ? 1 : 0;
    rowCount--;
    changed = true;
  }

  /** Notes where a file ends. */
  void end(PartitionId id, long offset) {
    Entry entry = entry(id);
    changed |= entry.end != offset;
    entry.end = offset;
  }

  void rules(String newRules) {
    rules = newRules;
  }

  /** Puts decided reject files into the outbox under a fresh number. */
  void publish(List<DataFile.Content> files) {
    lastSeq++;
    List<Ledger.OutboxEntry> longer = new ArrayList<>(outbox);
    longer.add(new Ledger.OutboxEntry(lastSeq, files));
    outbox = longer;
    changed = true;
  }

  /** Drops outbox entries that quarantine holds; no reason to commit by itself. */
  void published(long applied) {
    outbox = outbox.stream().filter(entry -> entry.seq() > applied).toList();
  }

  /** Whether there is anything to commit. */
  boolean changed() {
    return changed;
  }

  /** The partition listed under that name in the base, null if it is not. */
  Ledger.@Nullable Partition known(String name) {
    return base.partition(name);
  }

  /**
   * The ledger for the next version.
   *
   * @param version the next version's number
   * @param keepFinished how many finished files to keep when there are twice as many
   * @param mayRetire which finished files the other table is done with
   */
  Ledger build(String tableId, long version, int keepFinished, Predicate<PartitionId> mayRetire) {
    SortedMap<String, Ledger.Partition> partitions = new TreeMap<>(base.partitions());
    entries.forEach(
        (id, entry) ->
            partitions.put(
                id.name(),
                new Ledger.Partition(
                        id,
                        0,
                        Runs.empty(),
                        entry.rows,
                        entry.duplicates,
                        entry.conflicts,
                        entry.rejects,
                        entry.end)
                    .withCovered(entry.covered())));
    Ledger.Retired retired = retire(partitions, version, keepFinished, mayRetire);
    return new Ledger(
        tableId, partitions, rowCount, base.doomedBefore(), retired, rules, outbox, lastSeq);
  }

  /**
   * Takes finished files off the list when twice as many as should be are on it, or as much of
   * their names: seldom, because what was read before such a step has to be looked up after it.
   */
  private Ledger.Retired retire(
      SortedMap<String, Ledger.Partition> partitions,
      long version,
      int keepFinished,
      Predicate<PartitionId> mayRetire) {
    Ledger.Retired retired = base.retired();
    long finished = 0;
    long characters = 0;
    for (Ledger.Partition partition : partitions.values()) {
      if (partition.finished()) {
        finished++;
        characters += partition.id().name().length();
      }
    }
    long keepCharacters = (long) keepFinished * CHARACTERS_OF_A_NAME;
    if (finished <= 2L * keepFinished && characters <= 2 * keepCharacters) {
      return retired;
    }
    for (Ledger.Partition partition : List.copyOf(partitions.values())) {
      if (finished <= keepFinished && characters <= keepCharacters) {
        break;
      }
      if (!partition.finished() || !mayRetire.test(partition.id())) {
        continue;
      }
      finished--;
      characters -= partition.id().name().length();
      partitions.remove(partition.id().name());
      retired =
          new Ledger.Retired(
              retired.partitions() + 1,
              retired.rows() + partition.rows(),
              retired.duplicates() + partition.duplicates(),
              retired.conflicts() + partition.conflicts(),
              retired.rejects() + partition.rejects(),
              version);
    }
    return retired;
  }
}
