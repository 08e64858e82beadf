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
   * @param rowsInBronze given positions where a reader found no record, returns those at which
   *     bronze has a row
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
  private record Incumbent(RowFacts row, @Nullable DataFile file)
      implements SameEvent.Claim<Incumbent> {
    @Override
    public long eventMicros() {
      return row.eventMicros();
    }

    /** The digest covers the event time, too. */
    @Override
    public boolean sameContent(Incumbent other) {
      return row.digest() == other.row.digest();
    }

    @Override
    public boolean ranksBefore(Incumbent other) {
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
    final Proposal proposal;
    final Map<SourcePartition, OffsetRanges> overlap;

    /** The rows of the file; read only if some must be looked at or dropped. */
    @Nullable List<RowFacts> rows;

    /** Rows at positions that are covered already: as if they had never been proposed. */
    Set<RowFacts> coveredRows = Set.of();

    /** Rows that turned out to be duplicates. */
    final Set<RowFacts> superseded = new HashSet<>();

    Candidate(Proposal proposal, Map<SourcePartition, OffsetRanges> overlap) {
      this.proposal = proposal;
      this.overlap = overlap;
    }

    DataFile content() {
      DataFile content = proposal.content();
      if (content == null) {
        throw new IllegalStateException("no file behind " + proposal);
      }
      return content;
    }

    boolean drops(RowFacts row) {
      return coveredRows.contains(row) || superseded.contains(row);
    }
  }

  /** One decision on one base. */
  private final class Decision {
    private final LedgerTable.Base base;
    private final Optional<Ledger> records = bronze.get();
    private final LedgerDraft draft;
    private final TableFiles files = table().files();
    private final List<DataFile> adds = new ArrayList<>();
    private final List<DataFile> removes = new ArrayList<>();
    private final List<Written> written = new ArrayList<>();
    private final List<Proposal> deferred = new ArrayList<>();
    private EventKeyIndex own = new EventKeyIndex(0, 0);
    private long events;
    private long rejects;
    private long duplicates;
    private long conflicts;
    private long waiting;

    /** What {@link #since} found last: most proposals of one commit were made at one version. */
    private Optional<List<EventKeyIndex>> lastSince = Optional.empty();

    private long lastAsOf = Long.MIN_VALUE;

    Decision(LedgerTable.Base base) {
      this.base = base;
      this.draft = new LedgerDraft(base.ledger());
    }

    Plan decide(List<Proposal> proposals) {
      List<Proposal> admitted = new ArrayList<>();
      for (Proposal proposal : proposals) {
        TableFiles place = proposal.kind() == Proposal.Kind.REJECTS ? rejectFiles : files;
        if (ProposalChecks.admits(place, base, proposal, clock.millis())) {
          if (bronzeCovers(proposal)) {
            admitted.add(proposal);
          } else if (!ProposalChecks.contradicts(records, proposal)) {
            deferred.add(proposal);
          }
        }
      }
      decideRejects(admitted);
      decideRows(admitted);
      decideDuplicates(admitted);
      if (!draft.changed()) {
        return new Plan(null, new CommitReport(0, 0, 0, 0, 0, waiting), deferred, written);
      }
      draft.rules(rules);
      draft.decidedWithin(horizon);
      draft.published(quarantineApplied.getAsLong());
      Ledger ledger =
          draft.build(
              base.state().tableId(),
              base.state().version() + 1,
              keepFinished,
              () -> this::retiredInBronze);
      lastOwn = own;
      lastRemoves = removes;
      return new Plan(
          new Changes(
              removes.isEmpty() ? "WRITE" : "REWRITE", adds, removes, domains(base, ledger)),
          new CommitReport(0, events, rejects, duplicates, conflicts, waiting),
          deferred,
          written);
    }

    /**
     * Whether bronze covers all that a proposal speaks of. Silver never runs ahead: bronze proves
     * duplicates, and a landing file's generation is bronze's to give.
     */
    private boolean bronzeCovers(Proposal proposal) {
      return records.isEmpty() || covers(records.get(), proposal);
    }

    private boolean covers(Ledger records, Proposal proposal) {
      for (SourcePartition partition : proposal.partitions()) {
        Ledger.Partition there = records.partition(partition.name());
        if (there == null
            ? base.ledger().partition(partition.name()) == null
            : !there.id().equals(partition)) {
          return false;
        }
      }
      for (Coverage coverage : proposal.coverage()) {
        if (records.partition(coverage.partition().name()) != null
            && !records.covered(coverage.partition()).containsAll(coverage.runs())) {
          return false;
        }
      }
      Duplicates duplicates = proposal.duplicates();
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
      return records.map(ledger -> ledger.partition(partition.name()) == null).orElse(true);
    }

    // ---- rejects: decided by their positions

    private void decideRejects(List<Proposal> admitted) {
      List<DataFile> decided = new ArrayList<>();
      Map<SourcePartition, OffsetRanges> noHoles = rowsAtHoles(admitted);
      for (Proposal proposal : admitted) {
        if (proposal.kind() != Proposal.Kind.REJECTS) {
          continue;
        }
        proposal.endOffsets().forEach(draft::end);
        Map<SourcePartition, OffsetRanges> overlap = ProposalChecks.overlap(draft, proposal);
        if (ProposalChecks.isAll(overlap, proposal)) {
          continue;
        }
        Map<SourcePartition, Long> dropped = new HashMap<>();
        DataFile content = proposal.content();
        if (content == null) {
          noHoles.forEach((partition, rows) -> overlap.merge(partition, rows, OffsetRanges::union));
        } else if (!overlap.isEmpty()) {
          Set<RowFacts> covered = ProposalChecks.coveredRows(rejectFiles.rows(content), overlap);
          dropped = ProposalChecks.countByPartition(proposal, covered);
          content = without(rejectFiles, content, covered);
        }
        ProposalChecks.remaining(proposal, overlap, dropped).forEach(draft::coverRejects);
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
      for (Proposal proposal : admitted) {
        if (proposal.kind() == Proposal.Kind.REJECTS && proposal.content() == null) {
          for (Coverage coverage : proposal.coverage()) {
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
          admitted.stream().filter(proposal -> proposal.kind() == Proposal.Kind.EVENTS).toList();
      Optional<List<Coverage>> together = ProposalChecks.withoutOverlap(draft, eventFiles);
      together.ifPresent(all -> all.forEach(draft::cover));
      for (Proposal proposal : eventFiles) {
        Candidate candidate =
            new Candidate(
                proposal,
                together.isPresent() ? Map.of() : ProposalChecks.overlap(draft, proposal));
        if (!ProposalChecks.isAll(candidate.overlap, proposal)) {
          if (!candidate.overlap.isEmpty()) {
            List<RowFacts> rows = files.rows(candidate.content());
            candidate.rows = rows;
            candidate.coveredRows = ProposalChecks.coveredRows(rows, candidate.overlap);
          }
          if (together.isEmpty()) {
            // Covered from here on, so that a second file with the same position finds it taken.
            ProposalChecks.remaining(
                    proposal,
                    candidate.overlap,
                    ProposalChecks.countByPartition(proposal, candidate.coveredRows))
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
        if (!candidate.coveredRows.isEmpty() || !candidate.superseded.isEmpty()) {
          Set<RowFacts> dropped = new HashSet<>(candidate.coveredRows);
          dropped.addAll(candidate.superseded);
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
      Set<Key> conflicted = new HashSet<>();
      own =
          new EventKeyIndex(candidates.stream().mapToLong(c -> c.proposal.keys().size()).sum(), 0);
      for (Candidate candidate : candidates) {
        Proposal proposal = candidate.proposal;
        EventKeys keys = proposal.keys();
        // Without the log since the writer's version nothing is known of any of its rows.
        Optional<List<EventKeyIndex>> since = since(proposal);
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
        for (int row : proposal.conflicting()) {
          ids.add(new Id(keys.idHigh(row), keys.idLow(row)));
          conflicted.add(new Key(keys.idHigh(row), keys.idLow(row), keys.eventMicros(row)));
        }
      }
      if (!conflicted.isEmpty()) {
        candidates.forEach(candidate -> conflicted.removeAll(newIn(candidate, conflicted)));
        inTable.addAll(conflicted);
      }
      return new Suspects(ids, inTable);
    }

    /**
     * The events among these of which a proposal knows that the table holds nothing: it has a row
     * that was new to its writer, and none came since. What conflicts with such a row conflicts
     * with this commit.
     */
    private Set<Key> newIn(Candidate candidate, Set<Key> events) {
      Set<Key> fresh = new HashSet<>();
      EventKeys keys = candidate.proposal.keys();
      Optional<List<EventKeyIndex>> since = since(candidate.proposal);
      Set<Integer> conflicting = new HashSet<>(candidate.proposal.conflicting());
      for (int row = 0; since.isPresent() && row < keys.size(); row++) {
        Key key = new Key(keys.idHigh(row), keys.idLow(row), keys.eventMicros(row));
        if (events.contains(key)
            && !conflicting.contains(row)
            && !holds(since.get(), key.idHigh(), key.idLow(), key.eventMicros())) {
          fresh.add(key);
        }
      }
      return fresh;
    }

    /** The events of the commits since a proposal's version; empty if the log is gone. */
    private Optional<List<EventKeyIndex>> since(Proposal proposal) {
      if (lastAsOf != proposal.asOf()) {
        lastSince = recent.between(base.state().tableId(), proposal.asOf(), base.state().version());
        lastAsOf = proposal.asOf();
      }
      return lastSince;
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
        EventKeys keys = candidate.proposal.keys();
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
      Map<Id, List<Incumbent>> rows = new HashMap<>();
      for (Found present : present(suspects.inTable())) {
        rows.computeIfAbsent(Id.of(present.row()), id -> new ArrayList<>())
            .add(new Incumbent(present.row(), present.file()));
      }
      Map<String, Displaced> displaced = new LinkedHashMap<>();
      newcomers.forEach(
          (row, candidate) -> {
            List<Incumbent> sameId = rows.computeIfAbsent(Id.of(row), id -> new ArrayList<>());
            Incumbent newcomer = new Incumbent(row, null);
            SameEvent.Decision<Incumbent> decision = sameEvent.decide(newcomer, sameId);
            switch (decision.outcome()) {
              case ROW -> sameId.add(newcomer);
              case COPY -> supersede(row, candidate, false);
              case CONFLICT -> supersede(row, candidate, true);
              case DISPLACES -> {
                Incumbent current = requireNonNull(decision.row());
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

    private void supersede(RowFacts row, Candidate candidate, boolean conflict) {
      candidate.superseded.add(row);
      draft.rowBecomesDuplicate(partition(candidate.proposal, row), conflict);
      duplicates++;
      conflicts += conflict ? 1 : 0;
    }

    private static SourcePartition partition(Proposal proposal, RowFacts row) {
      for (Coverage coverage : proposal.coverage()) {
        if (coverage.partition().name().equals(row.partitionName())) {
          return coverage.partition();
        }
      }
      throw new CorruptTableException(
          "proposed file " + proposal.content() + " does not claim " + row.partitionName());
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
        EventKeys keys = candidate.proposal.keys();
        for (int row = 0; row < keys.size(); row++) {
          if (candidate.rows == null || !candidate.drops(candidate.rows.get(row))) {
            own.add(keys.idHigh(row), keys.idLow(row), keys.eventMicros(row));
          }
        }
      }
    }

    // ---- duplicates: covered when their original is durable

    private void decideDuplicates(List<Proposal> admitted) {
      for (Proposal proposal : admitted) {
        if (proposal.kind() == Proposal.Kind.EVENTS && !proposal.duplicates().isEmpty()) {
          decideDuplicates(proposal);
        }
      }
    }

    private void decideDuplicates(Proposal proposal) {
      Optional<List<EventKeyIndex>> since = since(proposal);
      Duplicates all = proposal.duplicates();
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
        deferred.add(
            new Proposal(
                Proposal.Kind.EVENTS,
                null,
                proposal.createdAtMillis(),
                List.of(),
                Map.of(),
                proposal.tableId(),
                proposal.asOf(),
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
