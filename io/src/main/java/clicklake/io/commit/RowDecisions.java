package clicklake.io.commit;

import static java.util.Objects.requireNonNull;

import clicklake.io.ledger.Ledger;
import clicklake.io.ledger.LedgerDraft;
import clicklake.io.lookup.EventId;
import clicklake.io.lookup.EventKey;
import clicklake.io.lookup.TableRow;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.eventkey.EventKeyIndex;
import clicklake.schemas.eventkey.EventKeys;
import clicklake.schemas.eventkey.SameEvent;
import clicklake.schemas.offset.Coverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.TableFiles;
import clicklake.schemas.table.TableFiles.RowFacts;
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
import org.jspecify.annotations.Nullable;

/**
 * Decides rows of events: first by position, each of which is covered once, then by event, of which
 * one row stays. Nearly all rows are told apart by their keys alone; files are read only for the
 * few suspects, whose event may be in the table already, or twice in this commit.
 */
final class RowDecisions {
  private final LedgerDraft draft;
  private final TableFiles files;
  private final Rewrites rewrites;
  private final SameEvent sameEvent;
  private final EventsSince since;
  private final TableSearch rowsInTable;
  private final List<DataFile> adds = new ArrayList<>();
  private final List<DataFile> removes = new ArrayList<>();
  private EventKeyIndex own = new EventKeyIndex(0, 0);
  private long rows;
  private long duplicates;
  private long conflicts;

  /**
   * @param draft silver's next ledger: receives what is decided
   * @param rowsInTable finds rows of the table
   */
  RowDecisions(
      LedgerDraft draft,
      TableFiles files,
      Rewrites rewrites,
      SameEvent sameEvent,
      EventsSince since,
      TableSearch rowsInTable) {
    this.draft = draft;
    this.files = files;
    this.rewrites = rewrites;
    this.sameEvent = sameEvent;
    this.since = since;
    this.rowsInTable = rowsInTable;
  }

  /** Finds rows of the table by their events. */
  interface TableSearch {
    /**
     * Finds rows.
     *
     * @param atTheirTime events of which a row is to be found at their very time alone
     * @param within events of which a row is to be found at any time within the horizon
     */
    Collection<TableRow> rows(Set<EventKey> atTheirTime, Set<EventKey> within);
  }

  /**
   * What was decided.
   *
   * @param adds files that enter the table
   * @param removes files that leave it
   * @param events the events of the rows that this commit adds
   * @param rows how many rows the table gains
   * @param duplicates records that turned out to be duplicates, conflicts included
   * @param conflicts those with other content than the event they repeat
   */
  record Result(
      List<DataFile> adds,
      List<DataFile> removes,
      EventKeyIndex events,
      long rows,
      long duplicates,
      long conflicts) {}

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

    Set<RowFacts> dropped() {
      Set<RowFacts> dropped = new HashSet<>(coveredRows);
      dropped.addAll(superseded);
      return dropped;
    }
  }

  /**
   * What has to be looked at closely.
   *
   * @param ids ids of rows whose event may be in the table already, or twice in this commit
   * @param inTable events that may be in the table at these times; of others nothing is there
   * @param unknown events of which nothing is known
   */
  private record Suspects(Set<EventId> ids, Set<EventKey> inTable, Set<EventKey> unknown) {}

  /** Rows that leave a file of the table. */
  private record Displaced(DataFile file, Set<RowFacts> rows) {}

  /** Decides; {@code proposals} are admitted, and some may have duplicates alone. */
  Result decide(List<Proposal> proposals) {
    List<Candidate> candidates = coverPositions(proposals);
    Suspects suspects = suspects(candidates);
    if (!suspects.ids().isEmpty()) {
      resolve(candidates, suspects);
    }
    for (Candidate candidate : candidates) {
      DataFile content = rewrites.without(files, candidate.content(), candidate.dropped());
      if (content != null) {
        adds.add(content);
        rows += content.rows();
      }
    }
    return new Result(adds, removes, own, rows, duplicates, conflicts);
  }

  /** Covers the positions that are not covered yet; the proposals with such are candidates. */
  private List<Candidate> coverPositions(List<Proposal> proposals) {
    List<Candidate> candidates = new ArrayList<>();
    Optional<List<Coverage>> together = ProposalChecks.withoutOverlap(draft, proposals);
    together.ifPresent(all -> all.forEach(draft::cover));
    for (Proposal proposal : proposals) {
      Candidate candidate =
          new Candidate(
              proposal, together.isPresent() ? Map.of() : ProposalChecks.overlap(draft, proposal));
      if (ProposalChecks.isAll(candidate.overlap, proposal)) {
        continue;
      }
      if (!candidate.overlap.isEmpty()) {
        List<RowFacts> all = files.rows(candidate.content());
        candidate.rows = all;
        candidate.coveredRows = ProposalChecks.coveredRows(all, candidate.overlap);
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
    return candidates;
  }

  /** Finds the suspects. As a side effect collects the events of this commit. */
  private Suspects suspects(List<Candidate> candidates) {
    Set<EventId> ids = new HashSet<>();
    Set<EventKey> inTable = new HashSet<>();
    Set<EventKey> unknown = new HashSet<>();
    Set<EventKey> conflicted = new HashSet<>();
    long horizon = sameEvent.horizonMicros();
    own = new EventKeyIndex(candidates.stream().mapToLong(c -> c.proposal.keys().size()).sum(), 0);
    for (Candidate candidate : candidates) {
      Proposal proposal = candidate.proposal;
      EventKeys keys = proposal.keys();
      // Without the log since the writer's version nothing is known of any of its rows.
      Optional<EventsSince.Commits> commits = since.commits(proposal);
      for (int row = 0; row < keys.size(); row++) {
        if (candidate.rows != null && candidate.coveredRows.contains(candidate.rows.get(row))) {
          continue;
        }
        long high = keys.idHigh(row);
        long low = keys.idLow(row);
        long micros = keys.eventMicros(row);
        if (commits.isEmpty()) {
          ids.add(new EventId(high, low));
          unknown.add(new EventKey(high, low, micros));
        } else if (commits.get().hold(high, low, micros)) {
          ids.add(new EventId(high, low));
          // Before these commits there was none, or the writer would have known it.
          commits
              .get()
              .times(high, low, micros, time -> inTable.add(new EventKey(high, low, time)));
        } else if (own.find(high, low, micros, horizon) >= 0) {
          ids.add(new EventId(high, low));
        }
        own.add(high, low, micros);
      }
      for (int row : proposal.conflicting()) {
        ids.add(new EventId(keys.idHigh(row), keys.idLow(row)));
        conflicted.add(new EventKey(keys.idHigh(row), keys.idLow(row), keys.eventMicros(row)));
      }
    }
    if (!conflicted.isEmpty()) {
      candidates.forEach(candidate -> conflicted.removeAll(newIn(candidate, conflicted)));
      inTable.addAll(conflicted);
    }
    return new Suspects(ids, inTable, unknown);
  }

  /**
   * The events among these of which a proposal knows that the table holds nothing: it has a row
   * that was new to its writer, and none came since. What conflicts with such a row conflicts with
   * this commit.
   */
  private Set<EventKey> newIn(Candidate candidate, Set<EventKey> events) {
    Set<EventKey> fresh = new HashSet<>();
    EventKeys keys = candidate.proposal.keys();
    Optional<EventsSince.Commits> commits = since.commits(candidate.proposal);
    Set<Integer> conflicting = new HashSet<>(candidate.proposal.conflicting());
    for (int row = 0; commits.isPresent() && row < keys.size(); row++) {
      EventKey key = new EventKey(keys.idHigh(row), keys.idLow(row), keys.eventMicros(row));
      if (events.contains(key)
          && !conflicting.contains(row)
          && !commits.get().hold(key.idHigh(), key.idLow(), key.eventMicros())) {
        fresh.add(key);
      }
    }
    return fresh;
  }

  /** Decides suspicious ids one by one, newcomers in the order of their rank. */
  private void resolve(List<Candidate> candidates, Suspects suspects) {
    TreeMap<RowFacts, Candidate> newcomers = newcomers(candidates, suspects);
    Map<EventId, List<Incumbent>> incumbents = new HashMap<>();
    for (TableRow present : rowsInTable.rows(suspects.inTable(), suspects.unknown())) {
      incumbents
          .computeIfAbsent(EventId.of(present.row()), id -> new ArrayList<>())
          .add(new Incumbent(present.row(), present.file()));
    }
    Map<String, Displaced> displaced = new LinkedHashMap<>();
    newcomers.forEach(
        (row, candidate) -> {
          List<Incumbent> sameId =
              incumbents.computeIfAbsent(EventId.of(row), id -> new ArrayList<>());
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

  /** The proposed rows with a suspicious id, by rank. */
  private TreeMap<RowFacts, Candidate> newcomers(List<Candidate> candidates, Suspects suspects) {
    TreeMap<RowFacts, Candidate> newcomers = new TreeMap<>();
    for (Candidate candidate : candidates) {
      EventKeys keys = candidate.proposal.keys();
      boolean concerned = false;
      for (int row = 0; row < keys.size() && !concerned; row++) {
        concerned = suspects.ids().contains(new EventId(keys.idHigh(row), keys.idLow(row)));
      }
      if (!concerned) {
        continue;
      }
      List<RowFacts> facts =
          candidate.rows != null ? candidate.rows : files.rows(candidate.content());
      candidate.rows = facts;
      for (RowFacts row : facts) {
        if (suspects.ids().contains(EventId.of(row)) && !candidate.coveredRows.contains(row)) {
          newcomers.put(row, candidate);
        }
      }
    }
    return newcomers;
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
    DataFile rest = rewrites.without(files, displaced.file(), displaced.rows());
    if (rest != null) {
      adds.add(rest);
    }
    rows -= displaced.rows().size();
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
}
