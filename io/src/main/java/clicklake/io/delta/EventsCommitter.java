package clicklake.io.delta;

import clicklake.io.delta.TableFiles.RowFacts;
import clicklake.io.delta.TableLog.Changes;
import clicklake.io.delta.TableLog.TableState;
import clicklake.schemas.batch.Coverage;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.Duplicates;
import clicklake.schemas.batch.EventKeyTable;
import clicklake.schemas.batch.EventKeys;
import clicklake.schemas.batch.PartitionId;
import clicklake.schemas.batch.Runs;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Silver's committer: the one place where an event is decided to be a row, a copy, or refused.
 *
 * <p>A writer knew silver at some version and says of each record «row» or «duplicate». Against the
 * snapshot that it commits on, the committer drops positions that are covered, checks every row's
 * event against the commits since the writer's version and against the rows of its own commit, and
 * covers a duplicate only when its original is in the table or in this very commit. Of two records
 * of one event with different content the one of lower rank (arrival, source, partition, offset)
 * stays. Everything else waits, uncovered, and is offered again.
 */
final class EventsCommitter extends Committer {
  private final Clock clock;
  private final long horizonMicros;
  private final String rules;
  private final int keepFinished;
  private final Supplier<Optional<Ledger>> bronze;
  private final UnaryOperator<Map<PartitionId, Runs>> rowsInBronze;
  private final LongSupplier quarantineApplied;
  private final TableFiles rejectFiles;
  private final RecentKeys recent;
  private @Nullable EventKeyTable lastOwn;

  /**
   * @param horizon largest distance of the event times of one event
   * @param rules parser version and settings, for the ledger
   * @param bronze bronze's newest ledger: silver covers only what bronze covers; empty where there
   *     is no bronze
   * @param rowsInBronze of positions that a reader found no record at, those of bronze's rows
   * @param quarantineApplied the last outbox entry that quarantine holds
   * @param rejectFiles quarantine's files: rejects are written where they will stay
   */
  EventsCommitter(
      LedgerTable table,
      Clock clock,
      Duration horizon,
      String rules,
      int keepFinished,
      Supplier<Optional<Ledger>> bronze,
      UnaryOperator<Map<PartitionId, Runs>> rowsInBronze,
      LongSupplier quarantineApplied,
      TableFiles rejectFiles) {
    super(table);
    this.clock = clock;
    this.horizonMicros = horizon.toNanos() / 1000;
    this.rules = rules;
    this.keepFinished = keepFinished;
    this.bronze = bronze;
    this.rowsInBronze = rowsInBronze;
    this.quarantineApplied = quarantineApplied;
    this.rejectFiles = rejectFiles;
    this.recent = new RecentKeys(table);
  }

  @Override
  Plan plan(LedgerTable.Base base, List<DataFile> proposals) {
    return new Decision(base).decide(proposals);
  }

  @Override
  void committed(TableState state, List<DataFile> proposals) {
    if (lastOwn != null) {
      recent.put(state.tableId(), state.version(), lastOwn);
      lastOwn = null;
    }
  }

  /** An event id, for the few that need a closer look. */
  private record Id(long high, long low) {
    static Id of(RowFacts row) {
      return new Id(row.idHigh(), row.idLow());
    }
  }

  /** A proposal with events on its way through one decision. */
  private static final class Candidate {
    final DataFile file;
    final Map<PartitionId, Runs> overlap;

    /** The rows of the file; read only if some must be looked at or dropped. */
    @Nullable List<RowFacts> rows;

    /** Rows at positions that are covered already: as if they had never been proposed. */
    Set<RowFacts> coveredRows = Set.of();

    /** Rows that turned out to be duplicates, and whether their content differs. */
    final Map<RowFacts, Boolean> losers = new LinkedHashMap<>();

    Candidate(DataFile file, Map<PartitionId, Runs> overlap) {
      this.file = file;
      this.overlap = overlap;
    }

    DataFile.Content content() {
      DataFile.Content content = file.content();
      if (content == null) {
        throw new IllegalStateException("no file behind " + file);
      }
      return content;
    }

    boolean drops(RowFacts row) {
      return coveredRows.contains(row) || losers.containsKey(row);
    }
  }

  /** One decision on one base. */
  private final class Decision {
    private final LedgerTable.Base base;
    private final LedgerDraft draft;
    private final TableFiles files = table().files();
    private final List<DataFile.Content> adds = new ArrayList<>();
    private final List<DataFile.Content> removes = new ArrayList<>();
    private final List<Written> written = new ArrayList<>();
    private final List<DataFile> held = new ArrayList<>();
    private EventKeyTable own = new EventKeyTable(0, 0);
    private long events;
    private long rejects;
    private long duplicates;
    private long conflicts;
    private long waiting;

    Decision(LedgerTable.Base base) {
      this.base = base;
      this.draft = new LedgerDraft(base.ledger());
    }

    Plan decide(List<DataFile> proposals) {
      List<DataFile> admitted = new ArrayList<>();
      for (DataFile file : proposals) {
        TableFiles place = file.kind() == DataFile.Kind.REJECTS ? rejectFiles : files;
        if (Admission.admits(place, base, file, clock.millis())) {
          if (bronzeCovers(file)) {
            admitted.add(file);
          } else {
            held.add(file);
          }
        }
      }
      decideRejects(admitted);
      decideRows(admitted);
      decideDuplicates(admitted);
      if (!draft.changed()) {
        return new Plan(null, new CommitReport(0, 0, 0, 0, 0, waiting), held, written);
      }
      draft.rules(rules);
      draft.published(quarantineApplied.getAsLong());
      Ledger ledger =
          draft.build(
              base.state().tableId(),
              base.state().version() + 1,
              keepFinished,
              this::retiredInBronze);
      lastOwn = own;
      return new Plan(
          new Changes(removes.isEmpty() ? "WRITE" : "REWRITE", adds, removes, domains(ledger)),
          new CommitReport(0, events, rejects, duplicates, conflicts, waiting),
          held,
          written);
    }

    /**
     * Whether bronze covers all that a proposal speaks of. Silver never runs ahead: bronze proves
     * duplicates, and a landing file's generation is bronze's to give.
     */
    private boolean bronzeCovers(DataFile file) {
      Optional<Ledger> known = bronze.get();
      if (known.isEmpty()) {
        return true;
      }
      Ledger records = known.get();
      for (PartitionId partition : file.partitions()) {
        Ledger.Partition there = records.partition(partition.name());
        if (there == null
            ? base.ledger().partition(partition.name()) == null
            : !there.id().equals(partition)) {
          return false;
        }
      }
      for (Coverage coverage : file.coverage()) {
        if (records.partition(coverage.partition().name()) != null
            && !records.covered(coverage.partition()).containsAll(coverage.runs())) {
          return false;
        }
      }
      Duplicates duplicates = file.duplicates();
      Map<PartitionId, Runs> covered = new HashMap<>();
      for (int i = 0; i < duplicates.size(); i++) {
        PartitionId partition = duplicates.partition(i);
        if (records.partition(partition.name()) != null
            && !covered
                .computeIfAbsent(partition, records::covered)
                .contains(duplicates.offset(i))) {
          return false;
        }
      }
      return true;
    }

    private boolean retiredInBronze(PartitionId partition) {
      return bronze.get().map(ledger -> ledger.partition(partition.name()) == null).orElse(true);
    }

    // ---- rejects: decided by their positions

    private void decideRejects(List<DataFile> admitted) {
      List<DataFile.Content> decided = new ArrayList<>();
      Map<PartitionId, Runs> noHoles = rowsAtHoles(admitted);
      for (DataFile file : admitted) {
        if (file.kind() != DataFile.Kind.REJECTS) {
          continue;
        }
        file.ends().forEach(draft::end);
        if (Admission.allCovered(draft, file)) {
          continue;
        }
        Map<PartitionId, Runs> overlap = Admission.overlap(draft, file);
        Map<PartitionId, Long> dropped = new HashMap<>();
        DataFile.Content content = file.content();
        if (content == null) {
          noHoles.forEach((partition, rows) -> overlap.merge(partition, rows, Runs::union));
        } else if (!overlap.isEmpty()) {
          Set<RowFacts> covered = Admission.coveredRows(rejectFiles.rows(content), overlap);
          dropped = Admission.countByPartition(file, covered);
          content = without(rejectFiles, content, covered);
        }
        Admission.remaining(file, overlap, dropped).forEach(draft::coverRejects);
        if (content != null) {
          decided.add(content);
          rejects += content.rows();
        }
      }
      if (!decided.isEmpty()) {
        draft.publish(decided);
      }
    }

    /**
     * Where bronze holds a record and a reader has found none: the source lost it in between. Such
     * a position stays uncovered, so that the record is read again, from bronze.
     */
    private Map<PartitionId, Runs> rowsAtHoles(List<DataFile> admitted) {
      Map<PartitionId, Runs> holes = new HashMap<>();
      for (DataFile file : admitted) {
        if (file.kind() == DataFile.Kind.REJECTS && file.content() == null) {
          for (Coverage coverage : file.coverage()) {
            PartitionId partition = coverage.partition();
            Runs uncovered = coverage.runs().minus(draft.covered(partition));
            if (KnownHoles.mayChange(partition) && !uncovered.isEmpty()) {
              holes.merge(partition, uncovered, Runs::union);
            }
          }
        }
      }
      return holes.isEmpty() ? holes : rowsInBronze.apply(holes);
    }

    // ---- rows: decided by position, then by event

    private void decideRows(List<DataFile> admitted) {
      List<Candidate> candidates = new ArrayList<>();
      for (DataFile file : admitted) {
        if (file.kind() == DataFile.Kind.EVENTS && !Admission.allCovered(draft, file)) {
          Candidate candidate = new Candidate(file, Admission.overlap(draft, file));
          if (!candidate.overlap.isEmpty()) {
            List<RowFacts> rows = files.rows(candidate.content());
            candidate.rows = rows;
            candidate.coveredRows = Admission.coveredRows(rows, candidate.overlap);
          }
          // Covered from here on, so that a second file with the same position finds it taken.
          List<Coverage> remaining =
              Admission.remaining(
                  file, candidate.overlap, Admission.countByPartition(file, candidate.coveredRows));
          remaining.forEach(draft::cover);
          candidates.add(candidate);
        }
      }
      Set<Id> suspects = suspects(candidates);
      if (!suspects.isEmpty()) {
        resolve(candidates, suspects);
      }
      for (Candidate candidate : candidates) {
        DataFile.Content content = candidate.content();
        if (!candidate.coveredRows.isEmpty() || !candidate.losers.isEmpty()) {
          Set<RowFacts> dropped = new HashSet<>(candidate.coveredRows);
          dropped.addAll(candidate.losers.keySet());
          content = without(files, content, dropped);
        }
        if (content != null) {
          adds.add(content);
          events += content.rows();
        }
      }
    }

    /**
     * The ids of rows whose event may be in the table already, or twice in this commit. As a side
     * effect collects the events of this commit.
     */
    private Set<Id> suspects(List<Candidate> candidates) {
      Set<Id> suspects = new HashSet<>();
      own = new EventKeyTable(candidates.stream().mapToLong(c -> c.file.keys().size()).sum(), 0);
      for (Candidate candidate : candidates) {
        DataFile file = candidate.file;
        EventKeys keys = file.keys();
        // Without the log since the writer's version nothing is known of any of its rows.
        Optional<List<EventKeyTable>> since =
            recent.between(base.state().tableId(), file.asOf(), base.state().version());
        for (int row = 0; row < keys.size(); row++) {
          if (candidate.rows != null && candidate.coveredRows.contains(candidate.rows.get(row))) {
            continue;
          }
          long high = keys.idHigh(row);
          long low = keys.idLow(row);
          long micros = keys.eventMicros(row);
          boolean known = since.isEmpty() || own.find(high, low, micros, horizonMicros) >= 0;
          if (!known) {
            for (EventKeyTable commit : since.get()) {
              if (commit.find(high, low, micros, horizonMicros) >= 0) {
                known = true;
                break;
              }
            }
          }
          if (known) {
            suspects.add(new Id(high, low));
          }
          own.add(high, low, micros);
        }
        for (int row : file.challengers()) {
          suspects.add(new Id(keys.idHigh(row), keys.idLow(row)));
        }
      }
      return suspects;
    }

    /** Decides suspicious ids one by one, newcomers in the order of their rank. */
    private void resolve(List<Candidate> candidates, Set<Id> suspects) {
      Map<Id, List<Held>> rows = new HashMap<>();
      TreeMap<RowFacts, Candidate> newcomers = new TreeMap<>();
      for (Candidate candidate : candidates) {
        EventKeys keys = candidate.file.keys();
        boolean concerned = false;
        for (int row = 0; row < keys.size() && !concerned; row++) {
          concerned = suspects.contains(new Id(keys.idHigh(row), keys.idLow(row)));
        }
        if (!concerned) {
          continue;
        }
        List<RowFacts> facts =
            candidate.rows != null ? candidate.rows : files.rows(candidate.content());
        candidate.rows = facts;
        for (RowFacts row : facts) {
          if (suspects.contains(Id.of(row)) && !candidate.coveredRows.contains(row)) {
            newcomers.put(row, candidate);
          }
        }
      }
      for (Held present : present(newcomers.keySet())) {
        rows.computeIfAbsent(Id.of(present.row), id -> new ArrayList<>()).add(present);
      }
      Map<DataFile.Content, Map<RowFacts, Boolean>> losersInTable = new LinkedHashMap<>();
      newcomers.forEach(
          (row, candidate) -> {
            List<Held> sameId = rows.computeIfAbsent(Id.of(row), id -> new ArrayList<>());
            Held current = null;
            for (Held other : sameId) {
              if (EventKeyTable.sameEvent(
                  other.row.eventMicros(), row.eventMicros(), horizonMicros)) {
                current = other;
                break;
              }
            }
            if (current == null) {
              sameId.add(new Held(row, candidate, null));
            } else if (current.row.digest() == row.digest()) {
              lose(row, candidate, false);
            } else if (current.row.compareTo(row) < 0) {
              lose(row, candidate, true);
            } else {
              sameId.remove(current);
              sameId.add(new Held(row, candidate, null));
              if (current.candidate != null) {
                lose(current.row, current.candidate, true);
              } else if (current.file != null) {
                losersInTable
                    .computeIfAbsent(current.file, file -> new LinkedHashMap<>())
                    .put(current.row, true);
              }
            }
          });
      losersInTable.forEach(this::rewriteInTable);
      rebuildOwn(candidates);
    }

    /**
     * A row that stands for its event at this moment of the decision.
     *
     * @param candidate the proposal it is in; null if it is in the table
     * @param file the table's file it is in; null if it is in a proposal
     */
    private record Held(
        RowFacts row, @Nullable Candidate candidate, DataFile.@Nullable Content file) {}

    /** The table's rows that could be the same event as one of these. */
    private List<Held> present(Collection<RowFacts> newcomers) {
      Set<Id> ids = new HashSet<>();
      Set<LocalDate> dates = new TreeSet<>();
      for (RowFacts row : newcomers) {
        ids.add(Id.of(row));
        LocalDate last = date(row.eventMicros() + horizonMicros);
        for (LocalDate date = date(row.eventMicros() - horizonMicros);
            !date.isAfter(last);
            date = date.plusDays(1)) {
          dates.add(date);
        }
      }
      List<Held> present = new ArrayList<>();
      if (!ids.isEmpty()) {
        for (DataFile.Content file : table().log().files(base.state(), dates)) {
          for (RowFacts row : files.rows(file)) {
            if (ids.contains(Id.of(row))) {
              present.add(new Held(row, null, file));
            }
          }
        }
      }
      return present;
    }

    private static LocalDate date(long micros) {
      return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L))
          .atZone(ZoneOffset.UTC)
          .toLocalDate();
    }

    private void lose(RowFacts row, Candidate candidate, boolean conflict) {
      candidate.losers.put(row, conflict);
      count(partition(candidate.file, row), conflict);
    }

    private void count(PartitionId partition, boolean conflict) {
      draft.rowBecomesDuplicate(partition, conflict);
      duplicates++;
      conflicts += conflict ? 1 : 0;
    }

    private static PartitionId partition(DataFile file, RowFacts row) {
      for (Coverage coverage : file.coverage()) {
        if (coverage.partition().name().equals(row.partitionName())) {
          return coverage.partition();
        }
      }
      throw new CorruptTable(
          "proposed file " + file.content() + " does not claim " + row.partitionName());
    }

    private void rewriteInTable(DataFile.Content file, Map<RowFacts, Boolean> losers) {
      removes.add(file);
      DataFile.Content rest = without(files, file, losers.keySet());
      if (rest != null) {
        adds.add(rest);
      }
      events -= losers.size();
      losers.forEach(
          (row, conflict) -> {
            Ledger.Partition known = draft.known(row.partitionName());
            if (known == null) {
              // Only files that left the ledger long ago: their sums are kept under one head.
              throw new CorruptTable(
                  table().log().name()
                      + ": an event conflicts with a row of "
                      + row.partitionName()
                      + ", which the ledger no longer lists; raise the number of finished files"
                      + " it keeps");
            }
            count(known.id(), conflict);
          });
    }

    /** The file without some rows: null if none is left. */
    private DataFile.@Nullable Content without(
        TableFiles place, DataFile.Content file, Set<RowFacts> dropped) {
      if (dropped.isEmpty()) {
        return file;
      }
      if (dropped.size() == file.rows()) {
        return null;
      }
      DataFile.Content rest = place.rewriteWithout(file, dropped::contains, clock.millis());
      written.add(new Written(place, rest.path()));
      return rest;
    }

    private void rebuildOwn(List<Candidate> candidates) {
      own = new EventKeyTable(own.size(), 0);
      for (Candidate candidate : candidates) {
        EventKeys keys = candidate.file.keys();
        for (int row = 0; row < keys.size(); row++) {
          if (candidate.rows == null || !candidate.drops(candidate.rows.get(row))) {
            own.add(keys.idHigh(row), keys.idLow(row), keys.eventMicros(row));
          }
        }
      }
    }

    // ---- duplicates: covered when their original is durable

    private void decideDuplicates(List<DataFile> admitted) {
      for (DataFile file : admitted) {
        if (file.kind() == DataFile.Kind.EVENTS && !file.duplicates().isEmpty()) {
          decideDuplicates(file);
        }
      }
    }

    private void decideDuplicates(DataFile file) {
      Optional<List<EventKeyTable>> since =
          recent.between(base.state().tableId(), file.asOf(), base.state().version());
      Duplicates all = file.duplicates();
      Duplicates.Builder undecided = Duplicates.builder();
      for (int i = 0; i < all.size(); i++) {
        PartitionId partition = all.partition(i);
        long offset = all.offset(i);
        if (draft.isCovered(partition, offset)) {
          continue;
        }
        long high = all.keys().idHigh(i);
        long low = all.keys().idLow(i);
        long micros = all.keys().eventMicros(i);
        if (since.isPresent() && (all.inSilver(i) || durable(since.get(), high, low, micros))) {
          draft.coverDuplicate(partition, offset);
          duplicates++;
        } else {
          undecided.add(partition, offset, high, low, micros, all.inSilver(i));
          waiting++;
        }
      }
      Duplicates rest = undecided.build();
      if (!rest.isEmpty() && since.isPresent()) {
        held.add(
            new DataFile(
                DataFile.Kind.EVENTS,
                null,
                file.birthMillis(),
                List.of(),
                Map.of(),
                file.tableId(),
                file.asOf(),
                EventKeys.empty(),
                List.of(),
                rest));
      }
    }

    private boolean durable(List<EventKeyTable> since, long high, long low, long micros) {
      if (own.find(high, low, micros, horizonMicros) >= 0) {
        return true;
      }
      for (EventKeyTable commit : since) {
        if (commit.find(high, low, micros, horizonMicros) >= 0) {
          return true;
        }
      }
      return false;
    }
  }
}
