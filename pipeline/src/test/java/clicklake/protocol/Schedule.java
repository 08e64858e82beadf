package clicklake.protocol;

import clicklake.io.audit.AuditReader;
import clicklake.io.audit.EventKeyExtractor;
import clicklake.io.audit.LakeAudit;
import clicklake.io.audit.LakeBalance;
import clicklake.io.commit.LakeCommitter;
import clicklake.io.commit.LakeTables;
import clicklake.io.lake.EventLakeIds;
import clicklake.io.lake.FeedCoverage;
import clicklake.io.lake.LakeHandle;
import clicklake.io.ledger.Ledger;
import clicklake.io.ledger.LedgerTable;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.batch.EventRow;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.contract.TextField;
import clicklake.schemas.eventkey.Duplicates;
import clicklake.schemas.eventkey.EventKeys;
import clicklake.schemas.eventkey.SpillableLongs;
import clicklake.schemas.lake.LakeCoverage;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.SilverIds;
import clicklake.schemas.offset.Coverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.Feed;
import clicklake.schemas.table.TableFiles;
import clicklake.transforms.dedupe.KnownEvents;
import clicklake.transforms.dedupe.WrittenPositions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A random schedule: a small input, some copies of the job, and every accident that PROTOCOL speaks
 * of, in an order that a seed decides. The committers and the dedupe cache are the real ones; the
 * tables lie in memory.
 */
final class Schedule {
  static final Duration HORIZON = Duration.ofHours(24);
  static final Clock CLOCK = Clock.fixed(Instant.parse("2024-05-05T12:00:00Z"), ZoneOffset.UTC);
  static final long DAY = Duration.ofDays(1).toNanos() / 1000;
  static final long HOUR = DAY / 24;
  static final long BASE = Instant.parse("2024-05-05T00:00:00Z").toEpochMilli() * 1000;

  /** A record of the input. */
  record Record(int id, int payload, long micros, long arrival, boolean[] validUnder) {}

  /**
   * What may go wrong, and how often.
   *
   * @param constantIds clients that send one id for days, in any order of time
   * @param files whether partitions are landing files, which leave the ledgers as soon as they are
   *     finished
   * @param horizons whether copies of the job have different dedupe horizons
   */
  record Faults(
      int crashes,
      int copies,
      int optimizes,
      int ambiguous,
      int rewinds,
      int repeats,
      boolean changedRules,
      boolean conflicts,
      boolean constantIds,
      boolean files,
      boolean horizons) {

    static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0, false, false, false, false, false);
  }

  /** Event times of an id that a client sends for days: neighbours are the same event. */
  private static final long[] DAYS = {0, 20 * HOUR, -20 * HOUR, 40 * HOUR, -40 * HOUR};

  final Random random;
  final List<List<@Nullable Record>> input = new ArrayList<>();
  final MemoryTable bronze = new MemoryTable("bronze");
  final MemoryTable silver = new MemoryTable("silver");
  final MemoryTable quarantine = new MemoryTable("quarantine");
  final List<String> trace = new ArrayList<>();
  private final List<Instance> instances = new ArrayList<>();
  private final Map<String, Integer> budget = new HashMap<>();
  private final boolean changedRules;
  private final boolean files;
  private final boolean horizons;
  private boolean nested;

  Schedule(long seed, Faults faults) {
    random = new Random(seed);
    changedRules = faults.changedRules();
    files = faults.files();
    horizons = faults.horizons();
    budget.put("crash", random.nextInt(faults.crashes() + 1));
    budget.put("copy", random.nextInt(faults.copies() + 1));
    budget.put("optimize", random.nextInt(faults.optimizes() + 1));
    budget.put("ambiguous", random.nextInt(faults.ambiguous() + 1));
    budget.put("rewind", random.nextInt(faults.rewinds() + 1));
    budget.put("repeat", random.nextInt(faults.repeats() + 1));
    int ids = 1 + random.nextInt(faults.constantIds() ? 2 : 5);
    int partitions = 1 + random.nextInt(3);
    for (int p = 0; p < partitions; p++) {
      List<@Nullable Record> records = new ArrayList<>();
      int length = 1 + random.nextInt(7);
      for (int offset = 0; offset < length; offset++) {
        // A file without a record would leave no trace when it has left the ledgers.
        if (random.nextInt(7) == 0 && !(files && offset == 0)) {
          records.add(null);
          continue;
        }
        int id = random.nextInt(ids);
        boolean valid = random.nextInt(5) > 0;
        boolean validLater = faults.changedRules() && random.nextInt(3) == 0 ? !valid : valid;
        // Times of one id: equal, and for even ids just within the horizon, for odd ids just
        // beyond.
        long apart =
            faults.constantIds()
                ? DAYS[random.nextInt(DAYS.length)]
                : random.nextInt(6) == 0 ? DAY + id % 2 : 0;
        long micros = BASE + id * 1000L + apart;
        records.add(
            new Record(
                id,
                faults.conflicts() ? random.nextInt(2) : 0,
                micros,
                random.nextInt(6),
                new boolean[] {valid, validLater}));
      }
      input.add(records);
    }
    instances.add(new Instance(0));
  }

  /** A schedule over a given input, in which nothing happens but what the caller says. */
  Schedule(List<List<@Nullable Record>> records) {
    this(records, false);
  }

  private Schedule(List<List<@Nullable Record>> records, boolean files) {
    random = new Random(0);
    changedRules = false;
    this.files = files;
    horizons = false;
    nested = true;
    input.addAll(records);
  }

  /** The same over landing files that leave the ledgers as soon as they are finished. */
  static Schedule ofFiles(List<List<@Nullable Record>> records) {
    return new Schedule(records, true);
  }

  /** Starts another copy of the job. */
  Instance start(int rules) {
    Instance copy = new Instance(rules);
    instances.add(copy);
    return copy;
  }

  SourcePartition partition(int number) {
    return new SourcePartition("topic", number, files ? "file:1:2" : "kafka:c:t");
  }

  private static final List<Duration> HORIZONS =
      List.of(HORIZON, Duration.ofHours(1), Duration.ofHours(45), Duration.ofHours(90));

  /** One running copy of the job. */
  final class Instance {
    final int rules;
    final Duration horizon = horizons ? HORIZONS.get(random.nextInt(HORIZONS.size())) : HORIZON;
    final MemoryTable.Handle silverHandle = silver.handle(Schedule.this::beforePut);
    final MemoryTable.Handle quarantineHandle = quarantine.handle(() -> {});
    final MemoryTable.Handle bronzeHandle = bronze.handle(Schedule.this::beforePut);
    final LakeTables tables =
        new LakeTables(
            new LedgerTable(bronzeHandle, bronzeHandle),
            new LedgerTable(silverHandle, silverHandle),
            quarantineHandle,
            quarantineHandle);
    final LakeHandle lake =
        new LakeHandle() {
          @Override
          public LakeLocation location() {
            return LakeLocation.of("memory");
          }

          @Override
          public Feed feed() {
            return Feed.EVENTS;
          }

          @Override
          public LakeTables tables() {
            return tables;
          }
        };
    KnownEvents known = newCache();
    LakeCommitter committer = newCommitter();
    final List<EventBatch> waiting = new ArrayList<>();
    List<Proposal> written = new ArrayList<>();
    final long[] position = new long[input.size()];

    /** The version of bronze at which each file was last found unfinished, or new. */
    private final long[] found = new long[input.size()];

    LakeCoverage.View view = LakeCoverage.View.empty();

    Instance(int rules) {
      this.rules = rules;
      rewind();
    }

    private KnownEvents newCache() {
      return new KnownEvents(new EventLakeIds(lake), horizon, 2, random.nextInt(3) == 0 ? 2 : 1000);
    }

    private LakeCommitter newCommitter() {
      return new LakeCommitter(
          tables, CLOCK, horizon, "rules" + rules, files ? 0 : 10, rejects -> {});
    }

    /** Where a reader starts: behind a file that has left the ledgers. */
    private long next(int p) {
      if (files && !view.bronze().containsKey(partition(p)) && holdsRows(bronze, p)) {
        return input.get(p).size();
      }
      found[p] = view.bronzeVersion();
      return view.next(partition(p));
    }

    /**
     * The version that a proposal of bronze speaks for. Of a file that is listed no longer, the one
     * that it was found unfinished at: it may have been finished and have left since.
     */
    private long seen(SourcePartition id) {
      return view.bronze().containsKey(id) ? view.bronzeVersion() : found[id.number()];
    }

    void rewind() {
      view = new FeedCoverage(lake).read();
      for (int p = 0; p < position.length; p++) {
        position[p] = Math.min(position[p] == 0 ? Long.MAX_VALUE : position[p], next(p));
      }
    }

    /** Starts again in the same process or another: what was under way is gone. */
    void crash(boolean keepCache) {
      waiting.clear();
      written.clear();
      committer = newCommitter();
      if (!keepCache) {
        known = newCache();
      }
      view = new FeedCoverage(lake).read();
      for (int p = 0; p < position.length; p++) {
        position[p] = next(p);
      }
    }

    boolean canRead(int p) {
      return position[p] < input.get(p).size();
    }

    void read(int p) {
      int to = (int) position[p] + 1 + random.nextInt(3);
      read(p, Math.min(to, input.get(p).size()));
    }

    /** Reads a partition from where it stands. */
    void read(int p, int to) {
      SourcePartition id = partition(p);
      OffsetRanges inBronze = view.seen(id).bronze();
      OffsetRanges inSilver = view.seen(id).silver();
      List<TableFiles.RowFacts> records = new ArrayList<>();
      List<TableFiles.RowFacts> rejects = new ArrayList<>();
      OffsetRanges.Builder recordRuns = OffsetRanges.builder();
      OffsetRanges.Builder rejectRuns = OffsetRanges.builder();
      Map<Integer, EventBatch.Builder> events = new TreeMap<>();
      for (long offset = position[p]; offset < to; offset++) {
        Record record = input.get(p).get((int) offset);
        if (!inBronze.contains(offset)) {
          recordRuns.add(offset);
          if (record != null) {
            records.add(facts(p, offset, record));
          }
        }
        if (inSilver.contains(offset)) {
          continue;
        }
        if (record == null) {
          rejectRuns.add(offset);
        } else if (!record.validUnder()[rules]) {
          rejectRuns.add(offset);
          rejects.add(facts(p, offset, record));
        } else {
          events
              .computeIfAbsent(
                  EventBatch.shardOf(0, record.id(), 2), shard -> new EventBatch.Builder(64))
              .add(row(record), id, offset, record.arrival());
        }
      }
      position[p] = to;
      Map<SourcePartition, Long> ends =
          files && to == input.get(p).size() ? Map.of(id, (long) to) : Map.of();
      addFile(Proposal.Kind.RECORDS, bronze, id, recordRuns.build(), records, ends);
      addFile(Proposal.Kind.REJECTS, quarantine, id, rejectRuns.build(), rejects, ends);
      events.values().forEach(builder -> waiting.add(builder.build()));
    }

    private void addFile(
        Proposal.Kind kind,
        MemoryTable table,
        SourcePartition id,
        OffsetRanges runs,
        List<TableFiles.RowFacts> rows,
        Map<SourcePartition, Long> ends) {
      if (!runs.isEmpty() || !ends.isEmpty()) {
        written.add(
            Proposal.of(
                kind,
                rows.isEmpty() ? null : table.write(rows, "2024-05-05"),
                CLOCK.millis(),
                runs.isEmpty() ? List.of() : List.of(new Coverage(id, runs, rows.size())),
                ends,
                "",
                seen(id)));
      }
    }

    /** Decides on some waiting batches and writes the files of one bundle. */
    void decide(boolean refresh, boolean repeatLater) {
      int count = 1 + random.nextInt(waiting.size());
      List<EventBatch> taken = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        taken.add(waiting.remove(random.nextInt(waiting.size())));
      }
      decide(taken, refresh, repeatLater);
    }

    /** Reads up to {@code to}, decides on all of it, and hands out what it would propose. */
    List<Proposal> propose(int p, int to, boolean refresh) {
      read(p, to);
      List<EventBatch> taken = List.copyOf(waiting);
      waiting.clear();
      if (!taken.isEmpty()) {
        decide(taken, refresh, false);
      }
      List<Proposal> proposals = List.copyOf(written);
      written.clear();
      return proposals;
    }

    private void decide(List<EventBatch> taken, boolean refresh, boolean repeatLater) {
      if (refresh) {
        known.refresh();
      }
      Map<String, List<TableFiles.RowFacts>> rows = new TreeMap<>();
      Map<String, List<Integer>> conflicting = new HashMap<>();
      Map<String, Map<SourcePartition, OffsetRanges.Builder>> runs = new HashMap<>();
      Map<String, EventKeys.Builder> keys = new HashMap<>();
      Duplicates.Builder duplicates = Duplicates.builder();
      SilverIds.Version asOf = null;
      WrittenPositions positions = new WrittenPositions();
      for (EventBatch batch : taken) {
        try (KnownEvents.Decisions decisions = known.decide(batch)) {
          asOf = asOf == null ? decisions.version() : asOf;
          while (decisions.next()) {
            EventBatch.Cursor event = decisions.event();
            switch (decisions.verdict()) {
              case NEW, CONFLICTING -> {
                if (!positions.add(event.partition(), event.offset())) {
                  continue;
                }
                String date = date(event.eventMicros());
                List<TableFiles.RowFacts> file =
                    rows.computeIfAbsent(date, day -> new ArrayList<>());
                if (decisions.verdict() == KnownEvents.Verdict.CONFLICTING) {
                  conflicting.computeIfAbsent(date, day -> new ArrayList<>()).add(file.size());
                }
                file.add(
                    new TableFiles.RowFacts(
                        "topic",
                        event.partition().number(),
                        event.offset(),
                        event.arrivalMillis() * 1000,
                        event.idHigh(),
                        event.idLow(),
                        event.eventMicros(),
                        event.digest()));
                keys.computeIfAbsent(date, day -> EventKeys.builder())
                    .add(event.idHigh(), event.idLow(), event.eventMicros());
                runs.computeIfAbsent(date, day -> new HashMap<>())
                    .computeIfAbsent(event.partition(), id -> OffsetRanges.builder())
                    .add(event.offset());
              }
              case COPY_OF_COMMITTED,
                  COPY_OF_PENDING,
                  CONFLICT_WITH_COMMITTED,
                  CONFLICT_WITH_PENDING ->
                  duplicates.add(
                      event.partition(),
                      event.offset(),
                      event.idHigh(),
                      event.idLow(),
                      event.eventMicros(),
                      decisions.verdict() == KnownEvents.Verdict.COPY_OF_COMMITTED
                          || decisions.verdict() == KnownEvents.Verdict.CONFLICT_WITH_COMMITTED,
                      decisions.verdict() == KnownEvents.Verdict.CONFLICT_WITH_COMMITTED
                          || decisions.verdict() == KnownEvents.Verdict.CONFLICT_WITH_PENDING);
            }
          }
        }
      }
      List<Proposal> bundle = new ArrayList<>();
      SilverIds.Version version = asOf;
      rows.forEach(
          (date, file) -> {
            List<Coverage> coverage = new ArrayList<>();
            runs.get(date)
                .forEach(
                    (id, builder) -> {
                      OffsetRanges covered = builder.build();
                      coverage.add(new Coverage(id, covered, covered.size()));
                    });
            bundle.add(
                new Proposal(
                    Proposal.Kind.EVENTS,
                    silver.write(file, date),
                    CLOCK.millis(),
                    coverage,
                    Map.of(),
                    version.tableId(),
                    version.number(),
                    keys.get(date).build(),
                    conflicting.getOrDefault(date, List.of()),
                    Duplicates.none()));
          });
      if (duplicates.size() > 0) {
        bundle.add(
            new Proposal(
                Proposal.Kind.EVENTS,
                null,
                CLOCK.millis(),
                List.of(),
                Map.of(),
                version.tableId(),
                version.number(),
                EventKeys.empty(),
                List.of(),
                duplicates.build()));
      }
      if (repeatLater) {
        // The bundle fails after it wrote, or succeeds and is repeated all the same.
        waiting.addAll(taken);
        if (random.nextBoolean()) {
          return;
        }
      }
      bundle.forEach(known::proposed);
      written.addAll(bundle);
    }

    /** Commits a random part of what is written, in a random order. */
    void commit(boolean all) {
      Collections.shuffle(written, random);
      int count = all ? written.size() : 1 + random.nextInt(written.size());
      List<Proposal> part = new ArrayList<>(written.subList(0, count));
      written = new ArrayList<>(written.subList(count, written.size()));
      if (spend("repeat")) {
        written.addAll(part);
      }
      if (spend("ambiguous")) {
        (random.nextBoolean() ? silverHandle : bronzeHandle).failAfterNextPut();
      }
      committer.commit(part);
    }
  }

  private static String date(long micros) {
    return LocalDate.ofEpochDay(Math.floorDiv(micros, DAY)).toString();
  }

  private static EventRow row(Record record) {
    EventRow row = new EventRow();
    row.clear();
    row.id(0, record.id());
    row.eventMicros(record.micros());
    row.schemaVersion(1);
    byte[] payload = {(byte) ('a' + record.payload())};
    row.text(TextField.PAGE, payload, 0, 1);
    return row;
  }

  static TableFiles.RowFacts facts(int p, long offset, Record record) {
    return new TableFiles.RowFacts(
        "topic", p, offset, record.arrival() * 1000, 0, record.id(), record.micros(), 0);
  }

  private boolean spend(String what) {
    int left = budget.getOrDefault(what, 0);
    if (left > 0 && random.nextInt(4) == 0) {
      budget.put(what, left - 1);
      return true;
    }
    return false;
  }

  /** Lets something else happen at the worst moment: decided, and not yet put. */
  private void beforePut() {
    if (!nested && instances.size() > 1 && random.nextInt(3) == 0) {
      nested = true;
      Instance other = instances.get(random.nextInt(instances.size()));
      if (!other.written.isEmpty()) {
        trace.add("  meanwhile " + instances.indexOf(other) + " commits");
        other.newCommitter().commit(List.copyOf(other.written));
      } else if (spend("optimize")) {
        silver.optimize();
      }
      nested = false;
    }
  }

  /**
   * What an audit finds at this moment, apart from what silver decided ahead of bronze: bronze's
   * files of those positions are still to come.
   */
  List<LakeBalance.Fault> audit(boolean changedRules) {
    MemoryTable.Handle bronzeHandle = bronze.handle(() -> {});
    MemoryTable.Handle silverHandle = silver.handle(() -> {});
    MemoryTable.Handle quarantineHandle = quarantine.handle(() -> {});
    if (bronzeHandle.newest().isEmpty() && silverHandle.newest().isEmpty()) {
      return List.of();
    }
    AuditReader rows =
        new AuditReader() {
          @Override
          public void records(DataFile file, RecordVisitor visitor) {
            for (TableFiles.RowFacts row : bronzeHandle.rows(file)) {
              visitor.record(
                  row.source(),
                  row.partition(),
                  row.offset(),
                  row.arrivalMicros(),
                  () -> new byte[] {(byte) row.partition(), (byte) row.offset()});
            }
          }

          @Override
          public void events(DataFile file, Consumer<TableFiles.RowFacts> visitor) {
            silverHandle.rows(file).forEach(visitor);
          }

          @Override
          public void rejects(DataFile file, Consumer<TableFiles.RowFacts> visitor) {
            quarantineHandle.rows(file).forEach(visitor);
          }
        };
    LakeTables tables =
        new LakeTables(
            new LedgerTable(bronzeHandle, bronzeHandle),
            new LedgerTable(silverHandle, silverHandle),
            quarantineHandle,
            quarantineHandle);
    EventKeyExtractor keys =
        (value, arrival) -> {
          Record record = value == null ? null : input.get(value[0]).get(value[1]);
          return record == null || !(record.validUnder()[0] || changedRules)
              ? Optional.empty()
              : Optional.of(new EventKeyExtractor.Key(0, record.id(), record.micros()));
        };
    return new LakeAudit(tables, rows, HORIZON, keys, SpillableLongs.ofHeap())
        .run().faults().stream()
            .filter(
                fault ->
                    fault.kind() != LakeBalance.Kind.MISSING_FROM_BRONZE
                        || fault.examples().stream()
                            .anyMatch(
                                example -> !example.detail().contains("ledger does not cover it")))
            .toList();
  }

  /** One step, whatever is possible. */
  void step() {
    int who = random.nextInt(instances.size());
    Instance instance = instances.get(who);
    int p = random.nextInt(input.size());
    int choice = random.nextInt(20);
    if (choice < 7) {
      if (instance.canRead(p)) {
        trace.add(who + " reads partition " + p);
        instance.read(p);
      }
    } else if (choice < 13) {
      if (!instance.waiting.isEmpty()) {
        trace.add(who + " decides");
        instance.decide(random.nextBoolean(), spend("repeat"));
      }
    } else if (choice < 16) {
      if (!instance.written.isEmpty()) {
        trace.add(who + " commits");
        instance.commit(random.nextBoolean());
      }
    } else if (choice == 16 && spend("crash")) {
      trace.add(who + " crashes");
      instance.crash(random.nextBoolean());
    } else if (choice == 17 && spend("copy")) {
      trace.add("a copy starts");
      instances.add(new Instance(changedRules ? random.nextInt(2) : 0));
    } else if (choice == 18 && spend("optimize")) {
      trace.add("OPTIMIZE");
      (random.nextBoolean() ? silver : bronze).optimize();
    } else if (choice == 19 && spend("rewind")) {
      trace.add(who + " rewinds");
      instance.rewind();
    }
  }

  /** Runs every copy to the end of the input, going back for what is uncovered. */
  void finish() {
    budget.clear();
    for (int round = 0; round < 20; round++) {
      for (Instance instance : instances) {
        for (int p = 0; p < input.size(); p++) {
          while (instance.canRead(p)) {
            instance.read(p);
          }
        }
        while (!instance.waiting.isEmpty()) {
          instance.decide(true, false);
        }
        instance.committer.commit(instance.written);
        instance.written.clear();
        instance.committer.commit(List.of());
      }
      if (covered()) {
        return;
      }
      trace.add("something is uncovered: going back");
      for (Instance instance : instances) {
        instance.tables.deferred().takeAll();
        instance.view = new FeedCoverage(instance.lake).read();
        for (int p = 0; p < input.size(); p++) {
          instance.position[p] = instance.next(p);
        }
      }
    }
    throw new AssertionError("stuck: " + ledger(silver).partitions());
  }

  private boolean covered() {
    for (MemoryTable table : List.of(bronze, silver)) {
      Ledger ledger = ledger(table);
      for (int p = 0; p < input.size(); p++) {
        if (!hasLeft(p) && !ledger.covered(partition(p)).containsAll(0, input.get(p).size())) {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether a file has left bronze's ledger: it was finished in both tables. */
  private boolean hasLeft(int p) {
    return files && ledger(bronze).partition("topic/" + p) == null && holdsRows(bronze, p);
  }

  /** Whether no other record is an identical copy of this one. */
  boolean isLikeNoOther(Record record) {
    return input.stream()
            .flatMap(List::stream)
            .filter(other -> other != null && isCopy(other, record))
            .count()
        == 1;
  }

  /** Whether all records with its id are identical copies of this one. */
  boolean isLikeAllOfItsId(Record record) {
    return input.stream()
        .flatMap(List::stream)
        .filter(other -> other != null && other.id() == record.id())
        .allMatch(other -> isCopy(other, record));
  }

  private static boolean isCopy(Record one, Record other) {
    return one.id() == other.id()
        && one.payload() == other.payload()
        && one.micros() == other.micros();
  }

  private static boolean holdsRows(MemoryTable table, int p) {
    return table.liveRows().stream().anyMatch(row -> row.partition() == p);
  }

  static Ledger ledger(MemoryTable table) {
    return Ledger.of("table", table.handle(() -> {}).newest().orElseThrow());
  }
}
