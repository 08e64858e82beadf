package clicklake.io.audit;

import clicklake.io.audit.LakeBalance.Example;
import clicklake.io.audit.LakeBalance.Fault;
import clicklake.io.audit.LakeBalance.Kind;
import clicklake.io.audit.LakeBalance.Position;
import clicklake.io.commit.LakeTables;
import clicklake.io.commit.QuarantinePublisher;
import clicklake.io.lake.EventLake;
import clicklake.io.ledger.Ledger;
import clicklake.io.ledger.LedgerTable;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.eventkey.EventKeyIndex;
import clicklake.schemas.eventkey.SameEvent;
import clicklake.schemas.eventkey.SpillableLongs;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.spill.SpillFolder;
import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.Feed;
import clicklake.schemas.table.LakeException;
import clicklake.schemas.table.TableFiles.RowFacts;
import clicklake.schemas.table.TableLog;
import clicklake.schemas.table.TableLog.TableState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.longlong.LongIterator;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * Recounts a lake: every record of bronze must be one row of silver, one row of quarantine (or of
 * silver's outbox), a copy of an event that silver holds, or not yet decided; nothing may be there
 * twice, and the ledgers must say the same.
 *
 * <p>Reads each table at one version, taken so that quarantine is exactly as far as silver and
 * bronze no less far; the job may go on meanwhile. Positions are held as bitmaps; silver's ids, 36
 * to 75 bytes each, on a quarter of the heap and beyond it in temporary files. Changes nothing.
 */
public final class LakeAudit {
  /** How many faults of a kind are listed one by one. */
  public static final int MOST_EXAMPLES = 20;

  private static final int LOOKS = 50;

  private final LakeTables tables;
  private final AuditReader rows;
  private final Duration horizon;
  private final EventKeyExtractor keys;
  private final SpillableLongs space;

  /**
   * @param tables the tables, of which nothing is believed that was seen before
   * @param horizon largest distance of the event times of one event, where silver's ledger does not
   *     say it
   * @param space where silver's ids are kept
   */
  public LakeAudit(
      LakeTables tables,
      AuditReader rows,
      Duration horizon,
      EventKeyExtractor keys,
      SpillableLongs space) {
    this.tables = tables;
    this.rows = rows;
    this.horizon = horizon;
    this.keys = keys;
    this.space = space;
  }

  /**
   * An audit of a lake: of its {@link Feed#EVENTS}, and of no other feed.
   *
   * @param horizon largest distance of the event times of one event, for a lake that an older
   *     version of Clicklake wrote: its ledger does not say it
   * @param keys finds the event in a record, by the rules that the job decides with
   * @param spills takes ids of silver that do not fit the heap
   * @throws IllegalArgumentException if another feed is meant
   */
  public static LakeAudit of(
      EventLake lake, Duration horizon, EventKeyExtractor keys, SpillFolder spills) {
    lake.feed().requireEvents("audit");
    return new LakeAudit(
        lake.tables(),
        AuditReader.of(lake.location()),
        horizon,
        keys,
        new SpillableLongs(Runtime.getRuntime().maxMemory() / 4, spills));
  }

  /**
   * Recounts.
   *
   * @throws LakeException if there is no lake, or it cannot be read
   */
  public LakeBalance run() {
    Findings findings = new Findings();
    try {
      Look look = look(findings);
      if (look.bronze == null && look.silver == null && look.quarantine == null) {
        throw new LakeException(
            "there is no lake to verify: neither "
                + tables.bronze().log().name()
                + " nor "
                + tables.silver().log().name()
                + " is there; check --lake");
      }
      return new Recount(look, findings).run();
    } catch (CorruptTableException e) {
      findings.add(Kind.CHANGED_FROM_OUTSIDE, null, String.valueOf(e.getMessage()));
      return new LakeBalance(0, 0, 0, 0, 0, 0, 0, List.of(), findings.build());
    }
  }

  /**
   * One version of each table.
   *
   * @param applied the last outbox entry that quarantine holds
   */
  private record Look(
      LedgerTable.@Nullable Base bronze,
      LedgerTable.@Nullable Base silver,
      @Nullable TableState quarantine,
      long applied) {}

  private Look look(Findings findings) {
    LedgerTable bronze = new LedgerTable(tables.bronze().log(), tables.bronze().files());
    LedgerTable silver = new LedgerTable(tables.silver().log(), tables.silver().files());
    Map<String, String> complaints = new LinkedHashMap<>();
    for (int i = 0; i < LOOKS; i++) {
      complaints.clear();
      LedgerTable.Base bronzeBefore = newest(bronze, complaints);
      TableState quarantineBefore = tables.quarantine().newest().orElse(null);
      LedgerTable.Base silverNow = newest(silver, complaints);
      TableState quarantineNow = tables.quarantine().newest().orElse(null);
      LedgerTable.Base bronzeNow = newest(bronze, complaints);
      // Files leave bronze's ledger before they leave silver's: if none left meanwhile, a file
      // that bronze no longer lists was finished in silver before silver was looked at.
      if (version(quarantineBefore) == version(quarantineNow)
          && retiredAt(bronzeBefore) == retiredAt(bronzeNow)) {
        complaints.values().forEach(line -> findings.add(Kind.CHANGED_FROM_OUTSIDE, null, line));
        return new Look(bronzeNow, silverNow, quarantineNow, QuarantinePublisher.applied(tables));
      }
    }
    throw new LakeException(
        "cannot verify: the tables changed at each of "
            + LOOKS
            + " looks; try again when less is written");
  }

  private static long version(@Nullable TableState state) {
    return state == null ? -1 : state.version();
  }

  private static long retiredAt(LedgerTable.@Nullable Base base) {
    return base == null ? -1 : base.ledger().retired().version();
  }

  /** The newest version; noted, and looked at all the same, if rows changed without the ledger. */
  private static LedgerTable.@Nullable Base newest(
      LedgerTable table, Map<String, String> complaints) {
    try {
      return table.newestIfAny().orElse(null);
    } catch (CorruptTableException e) {
      Optional<TableState> state = table.log().newest();
      Ledger ledger = Ledger.of(table.log().name(), state.orElseThrow(() -> e));
      complaints.put(table.log().name(), String.valueOf(e.getMessage()));
      return new LedgerTable.Base(state.get(), ledger);
    }
  }

  /** Faults by kind: counted all, kept some. */
  private static final class Findings {
    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private final Map<Kind, List<Example>> examples = new EnumMap<>(Kind.class);

    void add(Kind kind, @Nullable Position position, String detail) {
      count(kind, 1);
      example(kind, position, detail);
    }

    void count(Kind kind, long more) {
      counts.merge(kind, more, Long::sum);
    }

    void example(Kind kind, @Nullable Position position, String detail) {
      List<Example> list = examples.computeIfAbsent(kind, k -> new ArrayList<>());
      if (list.size() < MOST_EXAMPLES) {
        list.add(new Example(position, detail));
      }
    }

    boolean wantsMore(Kind kind) {
      return examples.getOrDefault(kind, List.of()).size() < MOST_EXAMPLES;
    }

    List<Fault> build() {
      List<Fault> faults = new ArrayList<>();
      counts.forEach(
          (kind, count) ->
              faults.add(
                  new Fault(
                      kind,
                      count,
                      examples.getOrDefault(kind, List.of()).stream()
                          .sorted(
                              Comparator.comparing(
                                      Example::position,
                                      Comparator.nullsFirst(Comparator.<Position>naturalOrder()))
                                  .thenComparing(Example::detail))
                          .toList())));
      return faults;
    }
  }

  /** What is counted of one partition. */
  private static final class Tally {
    final String source;
    final int number;
    final Roaring64Bitmap bronze = new Roaring64Bitmap();
    final Roaring64Bitmap silver = new Roaring64Bitmap();
    final Roaring64Bitmap rejects = new Roaring64Bitmap();
    Ledger.@Nullable Partition bronzeLedger;
    Ledger.@Nullable Partition silverLedger;

    /** What the ledgers cover; null if the partition left the ledger when it was finished. */
    @Nullable OffsetRanges bronzeCovered = OffsetRanges.empty();

    @Nullable OffsetRanges silverCovered = OffsetRanges.empty();

    long bronzeRows;
    long silverRows;
    long quarantineRows;
    long outboxRows;
    long duplicates;
    long undecided;

    /** Positions that silver decided, and not as rows or refusals, ahead of bronze. */
    long ahead;

    Tally(String source, int number) {
      this.source = source;
      this.number = number;
    }

    Position at(long offset) {
      return new Position(source, number, offset);
    }

    boolean inBronze(long offset) {
      return bronzeCovered == null || bronzeCovered.contains(offset);
    }

    boolean inSilver(long offset) {
      return silverCovered == null || silverCovered.contains(offset);
    }

    String name() {
      return source + "/" + number;
    }
  }

  private record Id(long high, long low) {
    @Override
    public String toString() {
      return new UUID(high, low).toString();
    }
  }

  /** One recount of one look. */
  private final class Recount {
    private final Look look;
    private final Findings findings;
    private final Ledger bronzeLedger;
    private final Ledger silverLedger;

    /** Within it no two rows of one id may lie. */
    private final long lowestMicros;

    /** Within it every duplicate must have a row. */
    private final long highestMicros;

    private final Map<String, Map<Integer, Tally>> tallies = new TreeMap<>();
    private @Nullable Tally last;
    private final Set<Id> twice = new HashSet<>();

    Recount(Look look, Findings findings) {
      this.look = look;
      this.findings = findings;
      bronzeLedger = look.bronze == null ? Ledger.empty("") : look.bronze.ledger();
      silverLedger = look.silver == null ? Ledger.empty("") : look.silver.ledger();
      Ledger.Horizon decided = silverLedger.horizon();
      lowestMicros = micros(decided == null ? horizon : decided.lowest());
      highestMicros = micros(decided == null ? horizon : decided.highest());
    }

    private static long micros(Duration duration) {
      return SameEvent.within(duration).horizonMicros();
    }

    LakeBalance run() {
      bronzeLedger.partitions().values().forEach(p -> tally(p.id().source(), p.id().number()));
      silverLedger.partitions().values().forEach(p -> tally(p.id().source(), p.id().number()));
      EventKeyIndex events = countSilver();
      countRejects();
      countBronze(events);
      events.clear();
      List<LakeBalance.Partition> partitions = new ArrayList<>();
      for (Map<Integer, Tally> ofSource : tallies.values()) {
        for (Tally tally : ofSource.values()) {
          comparePositions(tally);
          partitions.add(balance(tally));
        }
      }
      compareCounts();
      return new LakeBalance(
          partitions.stream().mapToLong(LakeBalance.Partition::bronze).sum(),
          partitions.stream().mapToLong(LakeBalance.Partition::silver).sum(),
          partitions.stream().mapToLong(LakeBalance.Partition::quarantine).sum(),
          partitions.stream().mapToLong(LakeBalance.Partition::outbox).sum(),
          partitions.stream().mapToLong(LakeBalance.Partition::duplicates).sum(),
          partitions.stream().mapToLong(LakeBalance.Partition::conflicts).sum()
              + silverLedger.retired().conflicts(),
          partitions.stream().mapToLong(LakeBalance.Partition::undecided).sum(),
          partitions,
          findings.build());
    }

    private static LakeBalance.Partition balance(Tally tally) {
      Ledger.Partition silver = tally.silverLedger;
      return new LakeBalance.Partition(
          tally.source,
          tally.number,
          tally.bronzeRows,
          tally.silverRows,
          tally.quarantineRows,
          tally.outboxRows,
          tally.duplicates,
          silver == null ? 0 : silver.conflicts(),
          tally.undecided,
          tally.bronzeLedger == null ? OffsetRanges.empty() : tally.bronzeLedger.lost());
    }

    private Tally tally(String source, int number) {
      Tally known = last;
      if (known == null || known.number != number || !known.source.equals(source)) {
        known =
            tallies
                .computeIfAbsent(source, s -> new TreeMap<>())
                .computeIfAbsent(number, n -> newTally(source, n));
        last = known;
      }
      return known;
    }

    private Tally newTally(String source, int number) {
      Tally tally = new Tally(source, number);
      tally.bronzeLedger = bronzeLedger.partition(tally.name());
      tally.silverLedger = silverLedger.partition(tally.name());
      if (tally.bronzeLedger != null) {
        tally.bronzeCovered = tally.bronzeLedger.covered();
      } else if (bronzeLedger.retired().partitions() > 0) {
        tally.bronzeCovered = null;
      }
      if (tally.silverLedger != null) {
        tally.silverCovered = tally.silverLedger.covered();
      } else if (tally.bronzeLedger == null && silverLedger.retired().partitions() > 0) {
        tally.silverCovered = null;
      }
      return tally;
    }

    private List<DataFile> files(TableLog log, @Nullable TableState state) {
      return state == null
          ? List.of()
          : log.files(state, null).stream().sorted(Comparator.comparing(DataFile::path)).toList();
    }

    private List<DataFile> silverFiles() {
      return files(tables.silver().log(), look.silver == null ? null : look.silver.state());
    }

    // ---- what is there

    private void eachEvent(List<DataFile> files, Consumer<RowFacts> visitor) {
      tables.silver().files().readEach(files, file -> rows.events(file, visitor));
    }

    private void eachReject(List<DataFile> files, Consumer<RowFacts> visitor) {
      tables.quarantineFiles().readEach(files, file -> rows.rejects(file, visitor));
    }

    private EventKeyIndex countSilver() {
      List<DataFile> files = silverFiles();
      EventKeyIndex events = new EventKeyIndex(0, 0, space);
      eachEvent(
          files,
          row -> {
            Tally tally = tally(row.source(), row.partition());
            tally.silverRows++;
            place(tally, row.offset(), tally.silver, Kind.DOUBLED_IN_SILVER, "silver");
            if (events.find(row.idHigh(), row.idLow(), row.eventMicros(), lowestMicros) >= 0) {
              findings.count(Kind.EVENT_TWICE, 1);
              if (twice.size() < MOST_EXAMPLES) {
                twice.add(new Id(row.idHigh(), row.idLow()));
              }
            }
            events.add(row.idHigh(), row.idLow(), row.eventMicros());
          });
      if (!twice.isEmpty()) {
        describeTwice(files);
      }
      return events;
    }

    /** Finds where the events stand that are there twice. */
    private void describeTwice(List<DataFile> files) {
      Map<Id, List<RowFacts>> found = new HashMap<>();
      eachEvent(
          files,
          row -> {
            Id id = new Id(row.idHigh(), row.idLow());
            if (twice.contains(id)) {
              found.computeIfAbsent(id, i -> new ArrayList<>()).add(row);
            }
          });
      found.forEach(
          (id, all) -> {
            StringBuilder detail = new StringBuilder("event ").append(id).append(" stands at");
            List<Position> positions =
                all.stream()
                    .map(row -> new Position(row.source(), row.partition(), row.offset()))
                    .sorted()
                    .toList();
            for (int i = 0; i < positions.size(); i++) {
              detail.append(i == 0 ? " " : " and ").append(positions.get(i));
            }
            findings.example(Kind.EVENT_TWICE, positions.get(0), detail.toString());
          });
    }

    private void countRejects() {
      eachReject(
          files(tables.quarantine(), look.quarantine),
          row -> {
            Tally tally = tally(row.source(), row.partition());
            tally.quarantineRows++;
            place(tally, row.offset(), tally.rejects, Kind.DOUBLED_IN_QUARANTINE, "quarantine");
          });
      for (Ledger.OutboxEntry entry : silverLedger.outbox()) {
        if (entry.seq() > look.applied) {
          eachReject(
              entry.files(),
              row -> {
                Tally tally = tally(row.source(), row.partition());
                tally.outboxRows++;
                place(
                    tally,
                    row.offset(),
                    tally.rejects,
                    Kind.DOUBLED_IN_QUARANTINE,
                    "silver's outbox");
              });
        }
      }
    }

    /** Notes a row of silver or quarantine at its position. */
    private void place(
        Tally tally, long offset, Roaring64Bitmap positions, Kind doubled, String where) {
      if (positions.contains(offset)) {
        findings.add(doubled, tally.at(offset), "one row too many in " + where);
        return;
      }
      positions.addLong(offset);
      if (!tally.inSilver(offset)) {
        findings.add(
            Kind.NOT_COVERED,
            tally.at(offset),
            "a row of " + where + ", not covered by silver's ledger");
      }
    }

    private void countBronze(EventKeyIndex events) {
      AuditReader.RecordVisitor visitor =
          (source, partition, offset, arrivalMicros, value) -> {
            Tally tally = tally(source, partition);
            tally.bronzeRows++;
            if (tally.bronze.contains(offset)) {
              findings.add(Kind.DOUBLED_IN_BRONZE, tally.at(offset), "one row too many in bronze");
              return;
            }
            tally.bronze.addLong(offset);
            if (!tally.inBronze(offset)) {
              findings.add(
                  Kind.NOT_COVERED,
                  tally.at(offset),
                  "a row of bronze, not covered by bronze's ledger");
            }
            if (tally.silver.contains(offset) || tally.rejects.contains(offset)) {
              return;
            }
            if (!tally.inSilver(offset)) {
              tally.undecided++;
              return;
            }
            tally.duplicates++;
            checkOriginal(tally, offset, arrivalMicros, value.bytes(), events);
          };
      tables
          .bronze()
          .files()
          .readEach(
              files(tables.bronze().log(), look.bronze == null ? null : look.bronze.state()),
              file -> rows.records(file, visitor));
    }

    private void checkOriginal(
        Tally tally,
        long offset,
        long arrivalMicros,
        byte @Nullable [] value,
        EventKeyIndex events) {
      Optional<EventKeyExtractor.Key> key = keys.of(value, Math.floorDiv(arrivalMicros, 1000L));
      if (key.isEmpty()) {
        findings.add(
            Kind.DUPLICATE_WITHOUT_ORIGINAL,
            tally.at(offset),
            "covered as a duplicate, but no valid event: refused and not in quarantine, or"
                + " decided under other rules");
      } else if (events.find(
              key.get().idHigh(), key.get().idLow(), key.get().eventMicros(), highestMicros)
          < 0) {
        findings.add(
            Kind.DUPLICATE_WITHOUT_ORIGINAL,
            tally.at(offset),
            "event "
                + new Id(key.get().idHigh(), key.get().idLow())
                + " of "
                + time(key.get().eventMicros())
                + " is not in silver");
      }
    }

    private static String time(long micros) {
      return Instant.EPOCH.plus(Duration.ofNanos(micros * 1000)).toString();
    }

    // ---- whether it adds up

    private void comparePositions(Tally tally) {
      OffsetRanges.Builder known = OffsetRanges.builder();
      eachWithout(
          tally.silver,
          tally.bronze,
          offset -> {
            known.add(offset);
            findings.add(
                Kind.MISSING_FROM_BRONZE,
                tally.at(offset),
                "silver has its event" + future(tally, offset));
          });
      eachWithout(
          tally.rejects,
          tally.bronze,
          offset -> {
            known.add(offset);
            findings.add(
                Kind.MISSING_FROM_BRONZE,
                tally.at(offset),
                "it was refused" + future(tally, offset));
          });
      Roaring64Bitmap both = new Roaring64Bitmap();
      both.or(tally.silver);
      both.and(tally.rejects);
      for (LongIterator i = both.getLongIterator(); i.hasNext(); ) {
        findings.add(
            Kind.IN_SILVER_AND_QUARANTINE, tally.at(i.next()), "an event, and refused as well");
      }
      OffsetRanges missing = known.build();
      OffsetRanges ahead = aheadOfBronze(tally).minus(missing);
      tally.ahead = ahead.size();
      report(tally, ahead, ahead.size(), "silver decided it, bronze's ledger does not cover it");
      Ledger.Partition ledger = tally.bronzeLedger;
      OffsetRanges covered = tally.bronzeCovered;
      if (ledger != null && covered != null) {
        long lost = ledger.rows() - tally.bronze.getLongCardinality();
        OffsetRanges inside = missing.intersection(covered);
        if (lost > inside.size()) {
          OffsetRanges.Builder present = OffsetRanges.builder();
          for (LongIterator i = tally.bronze.getLongIterator(); i.hasNext(); ) {
            present.add(i.next());
          }
          OffsetRanges empty = covered.minus(present.build()).minus(inside);
          long unknown = Math.min(lost - inside.size(), empty.size());
          report(
              tally,
              empty,
              unknown,
              empty.size() == unknown
                  ? "bronze's ledger counts a row here"
                  : "one of "
                      + empty.size()
                      + " positions without a row, "
                      + unknown
                      + " of which had one");
        }
      }
    }

    private static OffsetRanges aheadOfBronze(Tally tally) {
      return tally.silverCovered == null || tally.bronzeCovered == null
          ? OffsetRanges.empty()
          : tally.silverCovered.minus(tally.bronzeCovered);
    }

    private static String future(Tally tally, long offset) {
      return tally.inBronze(offset)
          ? ""
          : "; bronze's ledger does not cover it, so the next run reads it again";
    }

    private void report(Tally tally, OffsetRanges positions, long count, String detail) {
      if (count <= 0) {
        return;
      }
      findings.count(Kind.MISSING_FROM_BRONZE, count);
      for (int run = 0; run < positions.runCount(); run++) {
        for (long offset = positions.from(run); offset < positions.to(run); offset++) {
          if (!findings.wantsMore(Kind.MISSING_FROM_BRONZE)) {
            return;
          }
          findings.example(Kind.MISSING_FROM_BRONZE, tally.at(offset), detail);
        }
      }
    }

    private static void eachWithout(
        Roaring64Bitmap positions, Roaring64Bitmap others, java.util.function.LongConsumer action) {
      Roaring64Bitmap rest = new Roaring64Bitmap();
      rest.or(positions);
      rest.andNot(others);
      for (LongIterator i = rest.getLongIterator(); i.hasNext(); ) {
        action.accept(i.next());
      }
    }

    private void compareCounts() {
      long[] total = new long[2];
      long[] unlistedBronze = new long[1];
      long[] unlisted = new long[3];
      boolean[] anyUnlisted = new boolean[2];
      for (Map<Integer, Tally> ofSource : tallies.values()) {
        for (Tally tally : ofSource.values()) {
          total[0] += tally.bronzeRows;
          total[1] += tally.silverRows;
          long rejects = tally.quarantineRows + tally.outboxRows;
          Ledger.Partition bronze = tally.bronzeLedger;
          if (bronze != null) {
            compare(Kind.ROW_COUNT, "bronze", tally.name(), tally.bronzeRows, bronze.rows());
          } else {
            anyUnlisted[0] = true;
            unlistedBronze[0] += tally.bronzeRows;
          }
          Ledger.Partition silver = tally.silverLedger;
          if (silver != null) {
            compare(Kind.ROW_COUNT, "silver", tally.name(), tally.silverRows, silver.rows());
            compare(Kind.REJECT_COUNT, "quarantine", tally.name(), rejects, silver.rejects());
            long uncounted = silver.duplicates() - tally.duplicates;
            if (uncounted < 0 || uncounted > tally.ahead) {
              compare(
                  Kind.DUPLICATE_COUNT,
                  "duplicates",
                  tally.name(),
                  tally.duplicates,
                  silver.duplicates());
            }
          } else {
            anyUnlisted[1] = true;
            unlisted[0] += tally.silverRows;
            unlisted[1] += rejects;
            unlisted[2] += tally.duplicates;
          }
        }
      }
      Ledger.Retired bronze = bronzeLedger.retired();
      Ledger.Retired silver = silverLedger.retired();
      String finished = "partitions that left the ledger";
      if (anyUnlisted[0] || bronze.partitions() > 0) {
        compare(Kind.ROW_COUNT, "bronze", finished, unlistedBronze[0], bronze.rows());
      }
      if (anyUnlisted[1] || silver.partitions() > 0) {
        compare(Kind.ROW_COUNT, "silver", finished, unlisted[0], silver.rows());
        compare(Kind.REJECT_COUNT, "quarantine", finished, unlisted[1], silver.rejects());
        compare(Kind.DUPLICATE_COUNT, "duplicates", finished, unlisted[2], silver.duplicates());
      }
      compare(Kind.ROW_COUNT, "bronze", "the whole table", total[0], bronzeLedger.rowCount());
      compare(Kind.ROW_COUNT, "silver", "the whole table", total[1], silverLedger.rowCount());
    }

    private void compare(Kind kind, String what, String where, long counted, long inLedger) {
      if (counted != inLedger) {
        findings.add(
            kind,
            null,
            what + ", " + where + ": counted " + counted + ", the ledger says " + inLedger);
      }
    }
  }
}
