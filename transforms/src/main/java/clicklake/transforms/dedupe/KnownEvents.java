package clicklake.transforms.dedupe;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.eventkey.EventKeyIndex;
import clicklake.schemas.eventkey.EventKeys;
import clicklake.schemas.eventkey.SameEvent;
import clicklake.schemas.eventkey.SpillableLongs;
import clicklake.schemas.lake.SilverIds;
import clicklake.schemas.lake.SilverIds.AddedFile;
import clicklake.schemas.lake.SilverIds.Version;
import clicklake.schemas.offset.Coverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.spill.SpillFolder;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntPredicate;

/*
 * One instance serves all workers of a process for one lake.
 *
 * Each shard has an index of the events that silver holds at version(), for the loaded dates, and of
 * the rows that this process proposed and does not know to be committed. These are pending. A
 * pending entry has a fingerprint of its record's position: a record that is read again finds its
 * own entry, and is a row again instead of a copy of itself. Committing an entry sets its fingerprint
 * to 0.
 *
 * A shard is guarded by its monitor. Loaded dates, version and own files are guarded by the
 * read-write lock: deciding holds the read lock for a whole batch, refreshing and loading hold the
 * write lock.
 *
 * Files that this process wrote are remembered with their keys until silver holds them, or covers
 * their positions otherwise. So a refresh after our own commit reads nothing.
 *
 * Above its share of the heap the cache first forgets idle dates, and only then keeps ids in files.
 * In the other order, days that are over would fill the files, and every new id would dirty a page of
 * them. Forgetting dates in use would mean reading them from silver again for the next batch.
 *
 * Pending ids are never forgotten with their date, because silver does not know them. Each has the
 * time at which its record was last seen, and is given up when neither the record nor its commit has
 * come for half an hour. Then the bundle has failed and the source has lost the record, for example
 * because a file was deleted. Otherwise every copy of it would wait for ever. Giving up too early
 * does no harm, because the cache decides nothing: the copy becomes a row, and silver's committer
 * finds the two.
 */

/**
 * A cache of the events that silver holds, and of pending ones: proposed, and not known to be
 * committed.
 *
 * <p>Only dates that events were decided on are loaded, each with its neighbours as far as the
 * dedupe horizon reaches. Safe for use by several threads.
 */
public final class KnownEvents {

  /** What the cache decides about a record. */
  public enum Verdict {
    /** Not known: a row. */
    NEW,
    /** An identical copy of an event that silver holds. */
    COPY_OF_COMMITTED,
    /** An identical copy of a pending event. */
    COPY_OF_PENDING,
    /**
     * The same event as one that silver holds, at another time. It can never displace that row: a
     * duplicate with other content.
     */
    CONFLICT_WITH_COMMITTED,
    /** The same of a pending event. */
    CONFLICT_WITH_PENDING,
    /**
     * The same event at the same time with other content: the committer chooses between the two.
     */
    CONFLICTING
  }

  /** Values beside a key: the digest of the content, and what {@link Shard#isPending} reads. */
  private static final int DIGEST = 0;

  private static final int PENDING = 1;

  private static final long COMMITTED = 0;

  /**
   * Times of pending ids are counted in steps of this length, so that a shard knows at no cost
   * whether it has old ones.
   */
  private static final Duration STEP = Duration.ofMinutes(10);

  /** A pending id is given up when it has been seen in none of so many steps, this one included. */
  private static final int STEPS = 4;

  /** A power of two above {@link #STEPS}. */
  private static final int COUNTED_STEPS = 8;

  /** Of the long beside a pending id these bits are its fingerprint, the others its step. */
  private static final int FINGERPRINT_BITS = 48;

  private static final long FINGERPRINT = (1L << FINGERPRINT_BITS) - 1;

  /** 41 bytes a slot, in tables that are between a third and two thirds full. */
  private static final int BYTES_PER_ENTRY = 82;

  /** Files of commits by others that are read at once. */
  private static final int READ_TOGETHER = 64;

  private static final long DAY_MICROS = Duration.ofDays(1).toNanos() / 1000;

  private final SilverIds silver;
  private final long horizonMicros;
  private final int maxOnHeap;
  private final Clock clock;
  private final long createdAtMillis;
  private final Shard[] shards;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  /** Loaded dates, as days since 1970. */
  private final Set<Long> loadedDays = new HashSet<>();

  /** Dates that are loaded with all neighbours that could hold copies of their events. */
  private final Set<Long> readyDays = new HashSet<>();

  /** Dates queried since the last eviction of idle dates. */
  private final Set<Long> askedDays = ConcurrentHashMap.newKeySet();

  /** Ids read from silver, and ids forgotten, since they were last taken. */
  private final AtomicLong loadedIds = new AtomicLong();

  private final AtomicLong forgottenIds = new AtomicLong();

  /** Ids read from silver that {@link #loadedIds} does not have yet. */
  private long loadedNow;

  /** Events committed since idle dates were last looked for. */
  private long cameSince;

  private final Map<String, OwnFile> ownFiles = new HashMap<>();
  private Version version = Version.NONE;

  /** The step that old pending ids were last looked for in. */
  private int lookedForOld;

  /** A file proposed by this process: enough to recognise its commit without reading it. */
  private record OwnFile(EventKeys keys, Map<SourcePartition, OffsetRanges> positions, int step) {}

  private static final class Shard {
    final EventKeyIndex events;

    /**
     * Pending ids by the step they were last seen in, modulo the length: an id that is older counts
     * as young for a while, and is found some steps later.
     */
    private final int[] pending = new int[COUNTED_STEPS];

    Shard(SpillableLongs space) {
      events = new EventKeyIndex(0, 2, space);
    }

    boolean isPending(int slot) {
      return events.value(slot, PENDING) != COMMITTED;
    }

    /** Makes the id pending, seen in this step. */
    void pend(int slot, long fingerprint, int step) {
      events.value(slot, PENDING, (long) step << FINGERPRINT_BITS | fingerprint);
      pending[step & COUNTED_STEPS - 1]++;
    }

    /** To be called before a pending id is committed, seen again, or removed. */
    void settle(int slot) {
      pending[step(slot) & COUNTED_STEPS - 1]--;
    }

    private int step(int slot) {
      return (int) (events.value(slot, PENDING) >>> FINGERPRINT_BITS);
    }

    /** Removes pending ids that were last seen too long ago. */
    void giveUpOld(int now) {
      int old = 0;
      for (int before = STEPS; before < COUNTED_STEPS; before++) {
        old += pending[now - before & COUNTED_STEPS - 1];
      }
      if (old > 0) {
        events.removeIf(
            slot -> {
              if (!isPending(slot) || !isOld(step(slot), now)) {
                return false;
              }
              settle(slot);
              return true;
            });
      }
    }
  }

  /** A step after this one is young: the clock was put back. */
  private static boolean isOld(int step, int now) {
    return (short) (now - step) >= STEPS;
  }

  /** How many steps the cache has lived, in the bits that there are for it. */
  private int step() {
    return (int) ((clock.millis() - createdAtMillis) / STEP.toMillis()) & 0xFFFF;
  }

  /**
   * @param horizon largest distance of the event times of one event
   * @param shards into how many parts ids are split; workers of different parts do not wait for
   *     each other
   * @param maxOnHeap above this many entries, idle dates are forgotten (those not queried while
   *     half as many entries came), and further entries are kept in temporary files
   */
  public KnownEvents(SilverIds silver, Duration horizon, int shards, int maxOnHeap) {
    this(silver, horizon, shards, maxOnHeap, SpillFolder.OF_JVM);
  }

  /**
   * @param spills takes the temporary files
   */
  KnownEvents(SilverIds silver, Duration horizon, int shards, int maxOnHeap, SpillFolder spills) {
    this(silver, horizon, shards, maxOnHeap, spills, Clock.systemUTC());
  }

  /**
   * @param clock measures how long ids have been pending, and decides nothing else
   */
  KnownEvents(SilverIds silver, Duration horizon, int shards, int maxOnHeap, Clock clock) {
    this(silver, horizon, shards, maxOnHeap, SpillFolder.OF_JVM, clock);
  }

  private KnownEvents(
      SilverIds silver,
      Duration horizon,
      int shards,
      int maxOnHeap,
      SpillFolder spills,
      Clock clock) {
    this.clock = clock;
    this.createdAtMillis = clock.millis();
    this.silver = silver;
    this.horizonMicros = SameEvent.within(horizon).horizonMicros();
    this.maxOnHeap = maxOnHeap;
    this.shards = new Shard[shards];
    SpillableLongs space = new SpillableLongs((long) maxOnHeap * BYTES_PER_ENTRY, spills);
    for (int i = 0; i < shards; i++) {
      this.shards[i] = new Shard(space);
    }
  }

  /**
   * How many entries a process may keep on its heap: {@code most}, or what fits a quarter of it.
   */
  static int atMost(int most, long heapBytes) {
    return (int) Math.min(most, heapBytes / 4 / BYTES_PER_ENTRY);
  }

  /** Silver's version that the committed part of the cache is true of. */
  public Version version() {
    lock.readLock().lock();
    try {
      return version;
    } finally {
      lock.readLock().unlock();
    }
  }

  /** How many ids were read from silver since this was last asked. */
  long takeLoadedIds() {
    return loadedIds.getAndSet(0);
  }

  /** How many ids were forgotten since this was last asked. */
  long takeForgottenIds() {
    return forgottenIds.getAndSet(0);
  }

  /** Needs the write lock, as each loaded id does: one atomic addition for all of them. */
  private void countLoaded() {
    loadedIds.addAndGet(loadedNow);
    loadedNow = 0;
  }

  /** Brings the cache to silver's newest version, as of a moment ago. */
  public void refresh() {
    // Before the lock: nobody else waits for the storage's answer.
    silver.look();
    lock.writeLock().lock();
    try {
      Version newest = silver.latest();
      if (!newest.equals(version)) {
        follow(newest);
        version = newest;
      }
      settleOwnFiles();
      giveUpOld();
      if (cameSince >= maxOnHeap / 2 && entries() > maxOnHeap) {
        forgetIdleDays();
      }
    } finally {
      countLoaded();
      lock.writeLock().unlock();
    }
  }

  private void follow(Version newest) {
    boolean sameTable = version.tableId().isEmpty() || version.tableId().equals(newest.tableId());
    // With no date loaded and nothing pending, no commit changes what is known. Otherwise every
    // process that starts would read the whole log, back to the creation of the table.
    boolean concerned = !loadedDays.isEmpty() || !ownFiles.isEmpty();
    List<AddedFile> unread = new ArrayList<>();
    if (!sameTable
        || concerned && !silver.showAdded(version, newest, file -> follow(file, unread))) {
      startOver();
    } else {
      read(unread);
    }
  }

  private void follow(AddedFile file, List<AddedFile> unread) {
    OwnFile own = ownFiles.remove(file.path());
    boolean recognised = own != null && commit(own);
    if (!recognised && loadedDays.contains(file.date().toEpochDay())) {
      unread.add(file);
      if (unread.size() == READ_TOGETHER) {
        read(unread);
      }
    }
  }

  private void read(List<AddedFile> unread) {
    if (!unread.isEmpty()) {
      silver.scan(unread, this::putCommitted);
      unread.clear();
    }
  }

  /** Another table, or a log that no longer reaches back: nothing known can be relied on. */
  private void startOver() {
    loadedDays.clear();
    readyDays.clear();
    for (Shard shard : shards) {
      synchronized (shard) {
        forget(shard, slot -> !shard.isPending(slot));
      }
    }
  }

  /** Makes the rows of an own file committed; false if they are no longer known in full. */
  private boolean commit(OwnFile own) {
    EventKeys keys = own.keys();
    for (int i = 0; i < keys.size(); i++) {
      Shard shard = shard(keys.idHigh(i), keys.idLow(i));
      synchronized (shard) {
        int slot = find(shard, keys, i);
        if (slot < 0) {
          return false;
        }
        commit(shard, slot);
      }
    }
    return true;
  }

  private void commit(Shard shard, int slot) {
    if (shard.isPending(slot)) {
      shard.settle(slot);
      shard.events.value(slot, PENDING, COMMITTED);
      cameSince++;
    }
  }

  /**
   * Notes an event that silver holds. It is no longer pending, whoever proposed it, and neither is
   * any other within the horizon: that would be a duplicate of this one.
   */
  private void putCommitted(long high, long low, long micros, long digest) {
    Shard shard = shard(high, low);
    synchronized (shard) {
      EventKeyIndex events = shard.events;
      int slot = events.find(high, low, micros, horizonMicros);
      if (slot >= 0 && events.eventMicros(slot) != micros) {
        do {
          slot = events.find(high, low, micros, horizonMicros, shard::isPending);
          if (slot >= 0) {
            shard.settle(slot);
            events.remove(slot);
          }
        } while (slot >= 0);
      }
      if (slot < 0) {
        slot = events.add(high, low, micros);
        events.value(slot, PENDING, COMMITTED);
        cameSince++;
        loadedNow++;
      } else {
        commit(shard, slot);
      }
      events.value(slot, DIGEST, digest);
    }
  }

  /** The slot of an event of ours, at its very time: within the horizon may be another's. */
  private static int find(Shard shard, EventKeys keys, int index) {
    return shard.events.find(keys.idHigh(index), keys.idLow(index), keys.eventMicros(index), 0);
  }

  /** Proposals whose positions silver covers in another way are no longer pending. */
  private void settleOwnFiles() {
    if (ownFiles.isEmpty()) {
      return;
    }
    Set<SourcePartition> partitions = new HashSet<>();
    ownFiles.values().forEach(own -> partitions.addAll(own.positions().keySet()));
    Map<SourcePartition, OffsetRanges> covered = silver.covered(partitions);
    ownFiles
        .values()
        .removeIf(
            own -> {
              for (Map.Entry<SourcePartition, OffsetRanges> position : own.positions().entrySet()) {
                if (!covered
                    .getOrDefault(position.getKey(), OffsetRanges.empty())
                    .containsAll(position.getValue())) {
                  return false;
                }
              }
              giveUp(own.keys());
              return true;
            });
  }

  /** Gives up what has been pending for so long that it will never be committed. */
  private void giveUpOld() {
    int now = step();
    if (now == lookedForOld) {
      return;
    }
    lookedForOld = now;
    ownFiles.values().removeIf(own -> isOld(own.step(), now));
    for (Shard shard : shards) {
      synchronized (shard) {
        shard.giveUpOld(now);
      }
    }
  }

  private void giveUp(EventKeys keys) {
    for (int i = 0; i < keys.size(); i++) {
      Shard shard = shard(keys.idHigh(i), keys.idLow(i));
      synchronized (shard) {
        int slot = find(shard, keys, i);
        if (slot >= 0 && shard.isPending(slot)) {
          shard.settle(slot);
          shard.events.remove(slot);
        }
      }
    }
  }

  private Shard shard(long high, long low) {
    return shards[EventBatch.shardOf(high, low, shards.length)];
  }

  private long entries() {
    long entries = 0;
    for (Shard shard : shards) {
      synchronized (shard) {
        entries += shard.events.size();
      }
    }
    return entries;
  }

  private void forget(Shard shard, IntPredicate slots) {
    long before = shard.events.size();
    shard.events.removeIf(slots);
    forgottenIds.addAndGet(before - shard.events.size());
  }

  /** The dates around one event are queried together, and so are forgotten together. */
  private void forgetIdleDays() {
    Set<Long> inUse = new HashSet<>();
    askedDays.forEach(day -> inUse.addAll(near(day)));
    readyDays.retainAll(askedDays);
    if (loadedDays.retainAll(inUse)) {
      for (Shard shard : shards) {
        synchronized (shard) {
          forget(
              shard,
              slot ->
                  !shard.isPending(slot)
                      && !loadedDays.contains(day(shard.events.eventMicros(slot))));
        }
      }
    }
    askedDays.clear();
    cameSince = 0;
  }

  private static long day(long micros) {
    return Math.floorDiv(micros, DAY_MICROS);
  }

  /** The dates of a batch's events, as days since 1970, ascending. */
  private static long[] daysOf(EventBatch batch) {
    long[] days = new long[batch.count()];
    int size = 0;
    for (EventBatch.Cursor event = batch.cursor(); event.next(); ) {
      long day = day(event.eventMicros());
      // Most events are of the date of the one before, or of few dates.
      if (size == 0 || days[size - 1] != day) {
        days[size++] = day;
      }
    }
    Arrays.sort(days, 0, size);
    int distinct = 0;
    for (int i = 0; i < size; i++) {
      if (distinct == 0 || days[distinct - 1] != days[i]) {
        days[distinct++] = days[i];
      }
    }
    return Arrays.copyOf(days, distinct);
  }

  /** Whether all is loaded that silver may hold of events of these dates. */
  private boolean isReady(long[] days) {
    for (long day : days) {
      if (!readyDays.contains(day)) {
        return false;
      }
    }
    return true;
  }

  /** The dates, as days since 1970, that copies of a date's events could have. */
  private Set<Long> near(long day) {
    Set<Long> days = new HashSet<>();
    long latest = day((day + 1) * DAY_MICROS - 1 + horizonMicros);
    for (long near = day(day * DAY_MICROS - horizonMicros); near <= latest; near++) {
      days.add(near);
    }
    return days;
  }

  private void load(long[] days) {
    lock.writeLock().lock();
    try {
      Set<LocalDate> missing = new TreeSet<>();
      for (long day : days) {
        for (long near : near(day)) {
          if (!loadedDays.contains(near)) {
            missing.add(LocalDate.ofEpochDay(near));
          }
        }
      }
      if (!missing.isEmpty() && version.number() >= 0) {
        silver.scan(version, missing, this::putCommitted);
      }
      // Only now: a date that was read in part must not pass for loaded, or its other events would
      // pass for new.
      missing.forEach(date -> loadedDays.add(date.toEpochDay()));
      for (long day : days) {
        readyDays.add(day);
      }
    } finally {
      countLoaded();
      lock.writeLock().unlock();
    }
  }

  /**
   * Decides on the events of a batch, all of one version of silver. Events found new are pending
   * from here on.
   */
  public Decisions decide(EventBatch batch) {
    long[] days = daysOf(batch);
    while (true) {
      lock.readLock().lock();
      // An event of a date that is not loaded would pass for new: look under the same lock that
      // the decisions are made under.
      if (isReady(days)) {
        for (long day : days) {
          askedDays.add(day);
        }
        try {
          return new Decisions(batch);
        } catch (RuntimeException | Error e) {
          lock.readLock().unlock();
          throw e;
        }
      }
      lock.readLock().unlock();
      load(days);
    }
  }

  private List<Verdict> verdicts(EventBatch batch) {
    long[] partitionHashes = new long[batch.partitions().size()];
    for (int i = 0; i < partitionHashes.length; i++) {
      partitionHashes[i] = batch.partitions().get(i).hashCode() * 0x9E3779B97F4A7C15L;
    }
    int now = step();
    List<Verdict> verdicts = new ArrayList<>();
    for (EventBatch.Cursor event = batch.cursor(); event.next(); ) {
      long position =
          (partitionHashes[event.partitionIndex()] ^ event.offset()) * 0xC2B2AE3D27D4EB4FL
                  >>> Long.SIZE - FINGERPRINT_BITS
              | 1;
      Shard shard = shard(event.idHigh(), event.idLow());
      synchronized (shard) {
        verdicts.add(verdict(shard, event, position, now));
      }
    }
    return verdicts;
  }

  private Verdict verdict(Shard shard, EventBatch.Cursor event, long position, int now) {
    EventKeyIndex events = shard.events;
    long high = event.idHigh();
    long low = event.idLow();
    long micros = event.eventMicros();
    long digest = event.digest();
    int slot = events.find(high, low, micros, horizonMicros);
    if (slot < 0) {
      slot = events.add(high, low, micros);
      events.value(slot, DIGEST, digest);
      shard.pend(slot, position, now);
      return Verdict.NEW;
    }
    if (events.eventMicros(slot) != micros) {
      return committedWithinHorizon(shard, slot, event)
          ? Verdict.CONFLICT_WITH_COMMITTED
          : Verdict.CONFLICT_WITH_PENDING;
    }
    long pending = events.value(slot, PENDING);
    if ((pending & FINGERPRINT) == position) {
      if (shard.step(slot) != now) {
        shard.settle(slot);
        shard.pend(slot, position, now);
      }
      return Verdict.NEW;
    }
    if (pending != COMMITTED && committedWithinHorizon(shard, slot, event)) {
      return Verdict.CONFLICT_WITH_COMMITTED;
    }
    if (events.value(slot, DIGEST) != digest) {
      return Verdict.CONFLICTING;
    }
    return pending == COMMITTED ? Verdict.COPY_OF_COMMITTED : Verdict.COPY_OF_PENDING;
  }

  /**
   * Whether silver holds a row that is the same event, at whatever time: it stays, and what is on
   * its way may not arrive.
   */
  private boolean committedWithinHorizon(Shard shard, int slot, EventBatch.Cursor event) {
    return !shard.isPending(slot)
        || shard.events.find(
                event.idHigh(),
                event.idLow(),
                event.eventMicros(),
                horizonMicros,
                other -> !shard.isPending(other))
            >= 0;
  }

  /** Holds the cache's read lock, and so one version, while a batch's decisions are carried out. */
  public final class Decisions implements AutoCloseable {
    private final EventBatch.Cursor event;
    private final List<Verdict> verdicts;
    private int index = -1;

    private Decisions(EventBatch batch) {
      event = batch.cursor();
      // All before the first is used: a lookup mostly waits for memory, and lookups that follow
      // each other closely wait together.
      verdicts = verdicts(batch);
    }

    /** The version that the decisions rest on. */
    public Version version() {
      return version;
    }

    /** Goes to the next event; false at the end. */
    public boolean next() {
      index++;
      return event.next();
    }

    /** The event that {@link #next()} went to. */
    public EventBatch.Cursor event() {
      return event;
    }

    public Verdict verdict() {
      return verdicts.get(index);
    }

    @Override
    public void close() {
      lock.readLock().unlock();
    }
  }

  /** Notes a file of rows that is about to be proposed. */
  public void proposed(Proposal proposal) {
    DataFile content = proposal.content();
    if (content == null || !proposal.conflicting().isEmpty()) {
      return;
    }
    Map<SourcePartition, OffsetRanges> positions = new HashMap<>();
    for (Coverage coverage : proposal.coverage()) {
      positions.merge(coverage.partition(), coverage.runs(), OffsetRanges::union);
    }
    lock.writeLock().lock();
    try {
      ownFiles.put(content.path(), new OwnFile(proposal.keys(), positions, step()));
    } finally {
      lock.writeLock().unlock();
    }
  }
}
