package clicklake.io.ledger;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.offset.Coverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The next ledger of a table while its committer decides. */
public final class LedgerDraft {
  /**
   * Up to this many characters, entries of the outbox keep the statistics of their files; beyond, a
   * file is put into quarantine with its number of rows alone. Statistics are most of an entry, and
   * the ledger must stay readable while quarantine cannot be written.
   */
  private static final int MOST_STATISTICS = 1_000_000;

  /** What a finished file's name may have on average before fewer of them are kept. */
  private static final int CHARACTERS_OF_A_NAME = 500;

  private final Ledger base;
  private final Map<SourcePartition, Entry> entries = new HashMap<>();

  /** What is meant in this draft by the name of a partition. */
  private final Map<String, SourcePartition> names = new HashMap<>();

  private long rowCount;
  private String rules;
  private List<Ledger.OutboxEntry> outbox;
  private long lastSeq;
  private Ledger.Retired retired;
  private Ledger.@Nullable Horizon horizon;
  private boolean changed;

  /** What changes of one partition. */
  private static final class Entry {
    final GrowingRanges covered;

    /** Positions covered one by one, not yet in {@link #covered}. */
    final Set<Long> singles = new HashSet<>();

    long rows;
    long duplicates;
    long conflicts;
    long rejects;
    long end;
    OffsetRanges lost;

    /** Whether anything was covered or counted; an entry that was only asked is not written. */
    boolean touched;

    Entry(Ledger.Partition partition) {
      covered = new GrowingRanges(partition.covered());
      rows = partition.rows();
      duplicates = partition.duplicates();
      conflicts = partition.conflicts();
      rejects = partition.rejects();
      end = partition.end();
      lost = partition.lost();
    }

    GrowingRanges covered() {
      if (!singles.isEmpty()) {
        OffsetRanges.Builder runs = OffsetRanges.builder();
        singles.stream().sorted().forEach(runs::add);
        covered.addAll(runs.build());
        singles.clear();
      }
      return covered;
    }
  }

  public LedgerDraft(Ledger base) {
    this.base = base;
    this.rowCount = base.rowCount();
    this.rules = base.rules();
    this.outbox = base.outbox();
    this.lastSeq = base.lastSeq();
    this.retired = base.retired();
    this.horizon = base.horizon();
  }

  private Entry touched(SourcePartition id) {
    Entry entry = entry(id);
    if (!entry.touched) {
      entry.touched = true;
      names.put(id.name(), id);
    }
    return entry;
  }

  private Entry entry(SourcePartition id) {
    return entries.computeIfAbsent(
        id,
        unread -> {
          Ledger.Partition known = base.partition(unread.name());
          return new Entry(known == null ? Ledger.Partition.unread(unread) : known);
        });
  }

  /** Whether a partition's name already means another one in this draft. */
  public boolean meansAnother(SourcePartition id) {
    return !names.getOrDefault(id.name(), id).equals(id);
  }

  /** Which of these positions are covered, by the base or by this draft so far. */
  public OffsetRanges covered(SourcePartition id, OffsetRanges among) {
    return entry(id).covered().intersection(among);
  }

  /** Whether one position is covered; cheap after {@link #coverDuplicate}. */
  public boolean isCovered(SourcePartition id, long offset) {
    Entry entry = entry(id);
    return entry.singles.contains(offset) || entry.covered.contains(offset);
  }

  /** Covers positions, {@code rows} of which are rows of the table. */
  public void cover(Coverage coverage) {
    Entry entry = touched(coverage.partition());
    entry.covered.addAll(coverage.runs());
    entry.rows += coverage.rows();
    rowCount += coverage.rows();
    changed |= !coverage.runs().isEmpty();
  }

  /** Covers refused records. */
  public void coverRejects(Coverage coverage) {
    Entry entry = touched(coverage.partition());
    entry.covered.addAll(coverage.runs());
    entry.rejects += coverage.rows();
    changed |= !coverage.runs().isEmpty();
  }

  /** Covers and counts a duplicate. Positions must not come twice. */
  public void coverDuplicate(SourcePartition id, long offset, boolean conflict) {
    Entry entry = touched(id);
    entry.singles.add(offset);
    entry.duplicates++;
    entry.conflicts += conflict ? 1 : 0;
    changed = true;
  }

  /** Makes a row whose position is covered a duplicate. */
  public void rowBecomesDuplicate(SourcePartition id, boolean conflict) {
    Entry entry = touched(id);
    entry.rows--;
    entry.duplicates++;
    entry.conflicts += conflict ? 1 : 0;
    rowCount--;
    changed = true;
  }

  /** Makes a row of a partition that left the ledger a duplicate: only the sums know of it. */
  public void retiredRowBecomesDuplicate(boolean conflict) {
    retired =
        new Ledger.Retired(
            retired.partitions(),
            retired.rows() - 1,
            retired.duplicates() + 1,
            retired.conflicts() + (conflict ? 1 : 0),
            retired.rejects(),
            retired.version());
    rowCount--;
    changed = true;
  }

  /** Notes the horizon that decides this version. */
  public void decidedWithin(Duration dedupeHorizon) {
    horizon = Ledger.Horizon.after(horizon, dedupeHorizon);
  }

  /**
   * Covers positions whose records nobody has, unless they are covered.
   *
   * @param listed whether to list them as lost
   */
  public void lose(SourcePartition id, OffsetRanges positions, boolean listed) {
    Entry entry = touched(id);
    OffsetRanges uncovered = positions.minus(entry.covered().intersection(positions));
    entry.covered.addAll(uncovered);
    if (listed) {
      entry.lost = entry.lost.union(uncovered);
    }
    changed |= !uncovered.isEmpty();
  }

  /** Notes where a file ends. */
  public void end(SourcePartition id, long offset) {
    Entry entry = touched(id);
    changed |= entry.end != offset;
    entry.end = offset;
  }

  public void rules(String newRules) {
    rules = newRules;
  }

  /** Puts decided reject files into the outbox under a fresh number. */
  public void publish(List<DataFile> files) {
    lastSeq++;
    List<Ledger.OutboxEntry> longer = new ArrayList<>(outbox);
    longer.add(new Ledger.OutboxEntry(lastSeq, withStatisticsThatFit(files)));
    outbox = longer;
    changed = true;
  }

  private List<DataFile> withStatisticsThatFit(List<DataFile> files) {
    long characters = characters(files);
    for (Ledger.OutboxEntry entry : outbox) {
      characters += characters(entry.files());
    }
    return characters <= MOST_STATISTICS
        ? files
        : files.stream().map(LedgerDraft::withRowsAlone).toList();
  }

  private static long characters(List<DataFile> files) {
    return files.stream().mapToLong(file -> file.stats().length()).sum();
  }

  private static DataFile withRowsAlone(DataFile file) {
    return new DataFile(
        file.path(),
        file.sizeBytes(),
        file.rows(),
        file.date(),
        "{\"numRecords\":" + file.rows() + "}");
  }

  /** Drops outbox entries that quarantine holds; no reason to commit by itself. */
  public void published(long applied) {
    outbox = outbox.stream().filter(entry -> entry.seq() > applied).toList();
  }

  /** Whether there is anything to commit. */
  public boolean changed() {
    return changed;
  }

  /** The partition listed under that name in the base, null if it is not. */
  public Ledger.@Nullable Partition known(String name) {
    return base.partition(name);
  }

  /**
   * The ledger for the next version.
   *
   * @param version the next version's number
   * @param keepFinished how many finished files to keep when there are twice as many
   * @param mayRetire which finished files the other table is done with; asked for only if there are
   *     too many
   */
  public Ledger build(
      String tableId,
      long version,
      int keepFinished,
      Supplier<Predicate<SourcePartition>> mayRetire) {
    SortedMap<String, Ledger.Partition> partitions = new TreeMap<>(base.partitions());
    entries.forEach(
        (id, entry) -> {
          if (entry.touched) {
            partitions.put(id.name(), partition(id, entry));
          }
        });
    Ledger.Retired sums = retire(partitions, version, keepFinished, mayRetire);
    return new Ledger(
        tableId,
        partitions,
        rowCount,
        base.vacuumedBefore(),
        sums,
        rules,
        outbox,
        lastSeq,
        horizon);
  }

  private static Ledger.Partition partition(SourcePartition id, Entry entry) {
    return new Ledger.Partition(
            id,
            0,
            OffsetRanges.empty(),
            entry.rows,
            entry.duplicates,
            entry.conflicts,
            entry.rejects,
            entry.end,
            entry.lost)
        .withCovered(entry.covered().all());
  }

  /**
   * Takes finished files off the list when twice as many as should be are on it, or as much of
   * their names: seldom, because what was read before such a step has to be looked up after it.
   */
  private Ledger.Retired retire(
      SortedMap<String, Ledger.Partition> partitions,
      long version,
      int keepFinished,
      Supplier<Predicate<SourcePartition>> mayRetire) {
    Ledger.Retired sums = retired;
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
      return sums;
    }
    Predicate<SourcePartition> done = mayRetire.get();
    for (Ledger.Partition partition : List.copyOf(partitions.values())) {
      if (finished <= keepFinished && characters <= keepCharacters) {
        break;
      }
      if (!partition.finished() || !done.test(partition.id())) {
        continue;
      }
      finished--;
      characters -= partition.id().name().length();
      partitions.remove(partition.id().name());
      sums =
          new Ledger.Retired(
              sums.partitions() + 1,
              sums.rows() + partition.rows(),
              sums.duplicates() + partition.duplicates(),
              sums.conflicts() + partition.conflicts(),
              sums.rejects() + partition.rejects(),
              version);
    }
    return sums;
  }
}
