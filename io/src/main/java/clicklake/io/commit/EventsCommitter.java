package clicklake.io.commit;

import static java.util.Objects.requireNonNull;

import clicklake.io.commit.FoundRows.Found;
import clicklake.io.commit.FoundRows.Key;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.eventkey.Duplicates;
import clicklake.schemas.eventkey.EventKeyIndex;
import clicklake.schemas.eventkey.EventKeys;
import clicklake.schemas.eventkey.SameEvent;
import clicklake.schemas.offset.Coverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.TableFiles;
import clicklake.schemas.table.TableFiles.RowFacts;
import clicklake.schemas.table.TableLog.Changes;
import clicklake.schemas.table.TableLog.TableState;
import clicklake.schemas.table.TimeSpans;
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
 * covers a duplicate only when its original is in the table or in this very commit. What is the
 * same event, and which of two records stays, is {@link SameEvent}'s to say. Everything else waits,
 * uncovered, and is offered again.
 */
public final class EventsCommitter extends Committer {
  private final Clock clock;
  private final Duration horizon;
  private final SameEvent sameEvent;
  private final String rules;
  private final int keepFinished;
  private final Supplier<Optional<Ledger>> bronze;
  private final UnaryOperator<Map<SourcePartition, OffsetRanges>> rowsInBronze;
  private final LongSupplier quarantineApplied;
  private final TableFiles rejectFiles;
  private final RecentKeys recent;
  private final FoundRows found;
  private @Nullable EventKeyIndex lastOwn;
  private List<DataFile> lastRemoves = List.of();

  /**
   * @param horizon largest distance of the event times of one event
   * @param rules parser version and settings, for the ledger
   * @param bronze bronze's newest ledger: silver covers only what bronze covers; empty where there
   *     is no bronze
   * @param rowsInBronze of positions that a reader found no record at, those of bronze's rows
   * @param quarantineApplied the last outbox entry that quarantine holds
   * @param rejectFiles quarantine's files: rejects are written where they will stay
   */
  public EventsCommitter(
      LedgerTable table,
      Clock clock,
      Duration horizon,
      String rules,
      int keepFinished,
      Supplier<Optional<Ledger>> bronze,
      UnaryOperator<Map<SourcePartition, OffsetRanges>> rowsInBronze,
      LongSupplier quarantineApplied,
      TableFiles rejectFiles) {
    super(table);
    this.clock = clock;
    this.horizon = horizon;
    this.sameEvent = SameEvent.within(horizon);
    this.rules = rules;
    this.keepFinished = keepFinished;
    this.bronze = bronze;
    this.rowsInBronze = rowsInBronze;
    this.quarantineApplied = quarantineApplied;
    this.rejectFiles = rejectFiles;
    this.recent = new RecentKeys(table);
    this.found = new FoundRows(table.log());
  }

  @Override
  Plan plan(LedgerTable.Base base, List<Proposal> proposals) {
    return new Decision(base).decide(proposals);
  }

  @Override
  void committed(TableState state, List<Proposal> proposals) {
    if (lastOwn != null) {
      recent.put(state.tableId(), state.version(), lastOwn);
      lastOwn = null;
    }
    found.committed(state.tableId(), state.version(), lastRemoves);
  }

  /**
   * A row that stands for its event at this moment of the decision.
   *
   * @param file the table's file that it is in; null if it is in a proposal
   */
  private record Held(RowFacts row, @Nullable DataFile file) implements SameEvent.Claim<Held> {
    @Override
    public long eventMicros() {
      return row.eventMicros();
    }

    /** The digest covers the event time, too. */
    @Override
    public boolean sameContent(Held other) {
      return row.digest() == other.row.digest();
    }

    @Override
    public boolean ranksBefore(Held other) {
      return row.compareTo(other.row) < 0;
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
    final Proposal file;
    final Map<SourcePartition, OffsetRanges> overlap;

    /** The rows of the file; read only if some must be looked at or dropped. */
    @Nullable List<RowFacts> rows;

    /** Rows at positions that are covered already: as if they had never been proposed. */
    Set<RowFacts> coveredRows = Set.of();

    /** Rows that turned out to be duplicates. */
    final Set<RowFacts> losers = new HashSet<>();

    Candidate(Proposal file, Map<SourcePartition, OffsetRanges> overlap) {
      this.file = file;
      this.overlap = overlap;
    }

    DataFile content() {
      DataFile content = file.content();
      if (content == null) {
        throw new IllegalStateException("no file behind " + file);
      }
      return content;
    }

    boolean drops(RowFacts row) {
      return coveredRows.contains(row) || losers.contains(row);
    }
  }

  /** One decision on one base. */
  private final class Decision {
    private final LedgerTable.Base base;
    private final LedgerDraft draft;
    private final TableFiles files = table().files();
    private final List<DataFile> adds = new ArrayList<>();
    private final List<DataFile> removes = new ArrayList<>();
    private final List<Written> written = new ArrayList<>();
    private final List<Proposal> held = new ArrayList<>();
    private EventKeyIndex own = new EventKeyIndex(0, 0);
    private long events;
    private long rejects;
    private long duplicates;
    private long conflicts;
    private long waiting;

    Decision(LedgerTable.Base base) {
      this.base = base;
      this.draft = new LedgerDraft(base.ledger());
    }

    Plan decide(List<Proposal> proposals) {
      List<Proposal> admitted = new ArrayList<>();
      for (Proposal file : proposals) {
        TableFiles place = file.kind() == Proposal.Kind.REJECTS ? rejectFiles : files;
        if (ProposalChecks.admits(place, base, file, clock.millis())) {
          if (bronzeCovers(file)) {
            admitted.add(file);
          } else if (!ProposalChecks.contradicts(bronze.get(), file)) {
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
      draft.decidedWithin(horizon);
      draft.published(quarantineApplied.getAsLong());
      Ledger ledger =
          draft.build(
              base.state().tableId(),
              base.state().version() + 1,
              keepFinished,
              this::retiredInBronze);
      lastOwn = own;
      lastRemoves = removes;
      return new Plan(
          new Changes(
              removes.isEmpty() ? "WRITE" : "REWRITE", adds, removes, domains(base, ledger)),
          new CommitReport(0, events, rejects, duplicates, conflicts, waiting),
          held,
          written);
    }

    /**
     * Whether bronze covers all that a proposal speaks of. Silver never runs ahead: bronze proves
     * duplicates, and a landing file's generation is bronze's to give.
     */
    private boolean bronzeCovers(Proposal file) {
      Optional<Ledger> known = bronze.get();
      if (known.isEmpty()) {
        return true;
      }
      Ledger records = known.get();
      for (SourcePartition partition : file.partitions()) {
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
      Map<SourcePartition, OffsetRanges> covered = new HashMap<>();
      for (int i = 0; i < duplicates.size(); i++) {
        SourcePartition partition = duplicates.partition(i);
        if (records.partition(partition.name()) != null
            && !covered
                .computeIfAbsent(partition, records::covered)
                .contains(duplicates.offset(i))) {
          return false;
        }
      }
      return true;
    }

    private boolean retiredInBronze(SourcePartition partition) {
      return bronze.get().map(ledger -> ledger.partition(partition.name()) == null).orElse(true);
    }

    // ---- rejects: decided by their positions

    private void decideRejects(List<Proposal> admitted) {
      List<DataFile> decided = new ArrayList<>();
      Map<SourcePartition, OffsetRanges> noHoles = rowsAtHoles(admitted);
      for (Proposal file : admitted) {
        if (file.kind() != Proposal.Kind.REJECTS) {
          continue;
        }
        file.ends().forEach(draft::end);
        if (ProposalChecks.allCovered(draft, file)) {
          continue;
        }
        Map<SourcePartition, OffsetRanges> overlap = ProposalChecks.overlap(draft, file);
        Map<SourcePartition, Long> dropped = new HashMap<>();
        DataFile content = file.content();
        if (content == null) {
          noHoles.forEach((partition, rows) -> overlap.merge(partition, rows, OffsetRanges::union));
        } else if (!overlap.isEmpty()) {
          Set<RowFacts> covered = ProposalChecks.coveredRows(rejectFiles.rows(content), overlap);
          dropped = ProposalChecks.countByPartition(file, covered);
          content = without(rejectFiles, content, covered);
        }
        ProposalChecks.remaining(file, overlap, dropped).forEach(draft::coverRejects);
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
    private Map<SourcePartition, OffsetRanges> rowsAtHoles(List<Proposal> admitted) {
      Map<SourcePartition, OffsetRanges> holes = new HashMap<>();
      for (Proposal file : admitted) {
        if (file.kind() == Proposal.Kind.REJECTS && file.content() == null) {
          for (Coverage coverage : file.coverage()) {
            SourcePartition partition = coverage.partition();
            OffsetRanges uncovered =
                coverage.runs().minus(draft.covered(partition, coverage.runs()));
            if (KnownHoles.mayChange(partition) && !uncovered.isEmpty()) {
              holes.merge(partition, uncovered, OffsetRanges::union);
            }
          }
        }
      }
      return holes.isEmpty() ? holes : rowsInBronze.apply(holes);
    }

    // ---- rows: decided by position, then by event

    private void decideRows(List<Proposal> admitted) {
      List<Candidate> candidates = new ArrayList<>();
      List<Proposal> eventFiles =
          admitted.stream().filter(file -> file.kind() == Proposal.Kind.EVENTS).toList();
      Optional<List<Coverage>> together = ProposalChecks.withoutOverlap(draft, eventFiles);
      together.ifPresent(all -> all.forEach(draft::cover));
      for (Proposal file : eventFiles) {
        Candidate candidate =
            new Candidate(
                file, together.isPresent() ? Map.of() : ProposalChecks.overlap(draft, file));
        if (!ProposalChecks.isAll(candidate.overlap, file)) {
          if (!candidate.overlap.isEmpty()) {
            List<RowFacts> rows = files.rows(candidate.content());
            candidate.rows = rows;
            candidate.coveredRows = ProposalChecks.coveredRows(rows, candidate.overlap);
          }
          if (together.isEmpty()) {
            // Covered from here on, so that a second file with the same position finds it taken.
            ProposalChecks.remaining(
                    file,
                    candidate.overlap,
                    ProposalChecks.countByPartition(file, candidate.coveredRows))
                .forEach(draft::cover);
          }
          candidates.add(candidate);
        }
      }
      Suspects suspects = suspects(candidates);
      if (!suspects.ids().isEmpty()) {
        resolve(candidates, suspects);
      }
      for (Candidate candidate : candidates) {
        DataFile content = candidate.content();
        if (!candidate.coveredRows.isEmpty() || !candidate.losers.isEmpty()) {
          Set<RowFacts> dropped = new HashSet<>(candidate.coveredRows);
          dropped.addAll(candidate.losers);
          content = without(files, content, dropped);
        }
        if (content != null) {
          adds.add(content);
          events += content.rows();
        }
      }
    }

    /**
     * What has to be looked at closely.
     *
     * @param ids ids of rows whose event may be in the table already, or twice in this commit
     * @param inTable events that may be in the table; of the others nothing is there
     */
    private record Suspects(Set<Id> ids, Set<Key> inTable) {}

    /** Finds the suspects. As a side effect collects the events of this commit. */
    private Suspects suspects(List<Candidate> candidates) {
      Set<Id> ids = new HashSet<>();
      Set<Key> inTable = new HashSet<>();
      Set<Key> challenged = new HashSet<>();
      own = new EventKeyIndex(candidates.stream().mapToLong(c -> c.file.keys().size()).sum(), 0);
      for (Candidate candidate : candidates) {
        Proposal file = candidate.file;
        EventKeys keys = file.keys();
        // Without the log since the writer's version nothing is known of any of its rows.
        Optional<List<EventKeyIndex>> since = since(file);
        for (int row = 0; row < keys.size(); row++) {
          if (candidate.rows != null && candidate.coveredRows.contains(candidate.rows.get(row))) {
            continue;
          }
          long high = keys.idHigh(row);
          long low = keys.idLow(row);
          long micros = keys.eventMicros(row);
          if (since.isEmpty() || holds(since.get(), high, low, micros)) {
            ids.add(new Id(high, low));
            inTable.add(new Key(high, low, micros));
          } else if (own.find(high, low, micros, sameEvent.horizonMicros()) >= 0) {
            ids.add(new Id(high, low));
          }
          own.add(high, low, micros);
        }
        for (int row : file.challengers()) {
          ids.add(new Id(keys.idHigh(row), keys.idLow(row)));
          challenged.add(new Key(keys.idHigh(row), keys.idLow(row), keys.eventMicros(row)));
        }
      }
      if (!challenged.isEmpty()) {
        candidates.forEach(candidate -> challenged.removeAll(newIn(candidate, challenged)));
        inTable.addAll(challenged);
      }
      return new Suspects(ids, inTable);
    }

    /**
     * The events among these of which a proposal knows that the table holds nothing: it has a row
     * that was new to its writer, and none came since. What challenges such a row challenges this
     * commit.
     */
    private Set<Key> newIn(Candidate candidate, Set<Key> events) {
      Set<Key> fresh = new HashSet<>();
      EventKeys keys = candidate.file.keys();
      Optional<List<EventKeyIndex>> since = since(candidate.file);
      Set<Integer> challengers = new HashSet<>(candidate.file.challengers());
      for (int row = 0; since.isPresent() && row < keys.size(); row++) {
        Key key = new Key(keys.idHigh(row), keys.idLow(row), keys.eventMicros(row));
        if (events.contains(key)
            && !challengers.contains(row)
            && !holds(since.get(), key.idHigh(), key.idLow(), key.eventMicros())) {
          fresh.add(key);
        }
      }
      return fresh;
    }

    /** The events of the commits since a proposal's version; empty if the log is gone. */
    private Optional<List<EventKeyIndex>> since(Proposal file) {
      return recent.between(base.state().tableId(), file.asOf(), base.state().version());
    }

    private boolean holds(List<EventKeyIndex> commits, long high, long low, long micros) {
      for (EventKeyIndex commit : commits) {
        if (commit.find(high, low, micros, sameEvent.horizonMicros()) >= 0) {
          return true;
        }
      }
      return false;
    }

    /** Decides suspicious ids one by one, newcomers in the order of their rank. */
    private void resolve(List<Candidate> candidates, Suspects suspects) {
      TreeMap<RowFacts, Candidate> newcomers = new TreeMap<>();
      for (Candidate candidate : candidates) {
        EventKeys keys = candidate.file.keys();
        boolean concerned = false;
        for (int row = 0; row < keys.size() && !concerned; row++) {
          concerned = suspects.ids().contains(new Id(keys.idHigh(row), keys.idLow(row)));
        }
        if (!concerned) {
          continue;
        }
        List<RowFacts> facts =
            candidate.rows != null ? candidate.rows : files.rows(candidate.content());
        candidate.rows = facts;
        for (RowFacts row : facts) {
          if (suspects.ids().contains(Id.of(row)) && !candidate.coveredRows.contains(row)) {
            newcomers.put(row, candidate);
          }
        }
      }
      Map<Id, List<Held>> rows = new HashMap<>();
      for (Found present : present(suspects.inTable())) {
        rows.computeIfAbsent(Id.of(present.row()), id -> new ArrayList<>())
            .add(new Held(present.row(), present.file()));
      }
      Map<String, Displaced> displaced = new LinkedHashMap<>();
      newcomers.forEach(
          (row, candidate) -> {
            List<Held> sameId = rows.computeIfAbsent(Id.of(row), id -> new ArrayList<>());
            Held newcomer = new Held(row, null);
            SameEvent.Decision<Held> decision = sameEvent.decide(newcomer, sameId);
            switch (decision.outcome()) {
              case ROW -> sameId.add(newcomer);
              case COPY -> lose(row, candidate, false);
              case CONFLICT -> lose(row, candidate, true);
              case DISPLACES -> {
                Held current = requireNonNull(decision.row());
                // Newcomers come by rank, so none of them gives way to a later one.
                DataFile file = requireNonNull(current.file());
                displaced
                    .computeIfAbsent(file.path(), path -> new Displaced(file, new HashSet<>()))
                    .rows()
                    .add(current.row());
                sameId.remove(current);
                sameId.add(newcomer);
              }
            }
          });
      displaced.values().forEach(this::rewriteInTable);
      rebuildOwn(candidates);
    }

    /** Rows that leave a file of the table. */
    private record Displaced(DataFile file, Set<RowFacts> rows) {}

    /**
     * The table's rows that could be the same event as one of these.
     *
     * <p>A row of the very time is the only one within the horizon, so the files that may hold that
     * time are read first: few, where events come about in the order of their time. Only if it is
     * in none of them, all files within the horizon are read.
     */
    private Collection<Found> present(Set<Key> events) {
      Map<RowFacts, Found> present = new LinkedHashMap<>();
      Set<Key> open = new HashSet<>();
      if (!events.isEmpty()) {
        found.follow(base.state().tableId(), base.state().version());
      }
      for (Key event : events) {
        Found known = found.find(event);
        if (known == null) {
          open.add(event);
        } else {
          present.put(known.row(), known);
        }
      }
      if (open.isEmpty()) {
        return present.values();
      }
      List<DataFile> unread = new ArrayList<>(table().log().files(base.state(), datesAround(open)));
      read(unread, open, 0, present);
      if (!open.isEmpty()) {
        read(unread, open, sameEvent.horizonMicros(), present);
      }
      return present.values();
    }

    /**
     * Reads the files that may hold one of some events.
     *
     * @param unread files to look through; loses those that were read
     * @param open what is looked for; loses what was found at its very time
     * @param apart how far from its time an event may stand
     */
    private void read(
        List<DataFile> unread, Set<Key> open, long apart, Map<RowFacts, Found> present) {
      TimeSpans times = new TimeSpans();
      Set<Id> ids = new HashSet<>();
      for (Key event : open) {
        times.add(new TimeSpans.Span(event.eventMicros() - apart, event.eventMicros() + apart));
        ids.add(new Id(event.idHigh(), event.idLow()));
      }
      List<DataFile> files = new ArrayList<>();
      unread.removeIf(file -> times.overlap(TimeSpans.ofEvents(file)) && files.add(file));
      for (DataFile file : files) {
        for (RowFacts row : table().files().rows(file)) {
          if (ids.contains(Id.of(row))) {
            Found one = new Found(row, file);
            present.put(row, one);
            if (open.remove(Key.of(row))) {
              found.put(one);
            }
          }
        }
      }
    }

    private Set<LocalDate> datesAround(Set<Key> events) {
      Set<LocalDate> dates = new TreeSet<>();
      for (Key event : events) {
        LocalDate last = date(event.eventMicros() + sameEvent.horizonMicros());
        for (LocalDate date = date(event.eventMicros() - sameEvent.horizonMicros());
            !date.isAfter(last);
            date = date.plusDays(1)) {
          dates.add(date);
        }
      }
      return dates;
    }

    private static LocalDate date(long micros) {
      return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L))
          .atZone(ZoneOffset.UTC)
          .toLocalDate();
    }

    private void lose(RowFacts row, Candidate candidate, boolean conflict) {
      candidate.losers.add(row);
      draft.rowBecomesDuplicate(partition(candidate.file, row), conflict);
      duplicates++;
      conflicts += conflict ? 1 : 0;
    }

    private static SourcePartition partition(Proposal file, RowFacts row) {
      for (Coverage coverage : file.coverage()) {
        if (coverage.partition().name().equals(row.partitionName())) {
          return coverage.partition();
        }
      }
      throw new CorruptTableException(
          "proposed file " + file.content() + " does not claim " + row.partitionName());
    }

    private void rewriteInTable(Displaced displaced) {
      removes.add(displaced.file());
      DataFile rest = without(files, displaced.file(), displaced.rows());
      if (rest != null) {
        adds.add(rest);
      }
      events -= displaced.rows().size();
      for (RowFacts row : displaced.rows()) {
        Ledger.Partition known = draft.known(row.partitionName());
        if (known != null) {
          draft.rowBecomesDuplicate(known.id(), true);
        } else {
          // Of a file that was finished long ago.
          draft.retiredRowBecomesDuplicate(true);
        }
        duplicates++;
        conflicts++;
      }
    }

    /** The file without some rows: null if none is left. */
    private @Nullable DataFile without(TableFiles place, DataFile file, Set<RowFacts> dropped) {
      if (dropped.isEmpty()) {
        return file;
      }
      if (dropped.size() == place.countRows(file)) {
        return null;
      }
      DataFile rest = place.rewriteWithout(file, dropped::contains, clock.millis());
      written.add(new Written(place, rest.path()));
      return rest;
    }

    private void rebuildOwn(List<Candidate> candidates) {
      own = new EventKeyIndex(own.size(), 0);
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

    private void decideDuplicates(List<Proposal> admitted) {
      for (Proposal file : admitted) {
        if (file.kind() == Proposal.Kind.EVENTS && !file.duplicates().isEmpty()) {
          decideDuplicates(file);
        }
      }
    }

    private void decideDuplicates(Proposal file) {
      Optional<List<EventKeyIndex>> since = since(file);
      Duplicates all = file.duplicates();
      Duplicates.Builder undecided = Duplicates.builder();
      for (int i = 0; i < all.size(); i++) {
        SourcePartition partition = all.partition(i);
        long offset = all.offset(i);
        if (draft.isCovered(partition, offset)) {
          continue;
        }
        long high = all.keys().idHigh(i);
        long low = all.keys().idLow(i);
        long micros = all.keys().eventMicros(i);
        boolean conflict = all.conflict(i);
        if (since.isPresent() && (all.inSilver(i) || durable(since.get(), high, low, micros))) {
          draft.coverDuplicate(partition, offset, conflict);
          duplicates++;
          conflicts += conflict ? 1 : 0;
        } else {
          undecided.add(partition, offset, high, low, micros, all.inSilver(i), conflict);
          waiting++;
        }
      }
      Duplicates rest = undecided.build();
      if (!rest.isEmpty() && since.isPresent()) {
        held.add(
            new Proposal(
                Proposal.Kind.EVENTS,
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

    private boolean durable(List<EventKeyIndex> since, long high, long low, long micros) {
      return own.find(high, low, micros, sameEvent.horizonMicros()) >= 0
          || holds(since, high, low, micros);
    }
  }
}
