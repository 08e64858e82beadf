package clicklake.transforms.dedupe;

import clicklake.schemas.batch.Coverage;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.batch.EventKeyTable;
import clicklake.schemas.batch.EventKeys;
import clicklake.schemas.batch.PartitionId;
import clicklake.schemas.batch.Runs;
import clicklake.schemas.lake.SilverIds;
import clicklake.schemas.lake.SilverIds.AddedFile;
import clicklake.schemas.lake.SilverIds.Version;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/*
 * One instance serves all workers of a process for one lake.
 *
 * Each shard has two tables. `committed` holds what silver has at version(), for the loaded dates.
 * `pending` holds rows that this process proposed and does not know to be committed, marked with a
 * fingerprint of their position: a record that is read again finds itself and is a row again, not a
 * copy of itself. Tag GONE is a pending entry that is given up; its slot may be revived.
 *
 * A shard's tables are guarded by the shard's monitor. Loaded dates, version and own files are
 * guarded by the read-write lock: deciding holds the read lock for a whole batch, refreshing and
 * loading hold the write lock.
 *
 * Files that this process wrote itself are remembered with their keys until silver holds them, or
 * covers their positions otherwise, so that a refresh after our own commit reads nothing.
 */

/**
 * A cache of the events that silver holds, with those that are on their way there.
 *
 * <p>Only dates that were asked about are loaded, each with its neighbours as far as the dedupe
 * horizon reaches. Safe for use by several threads.
 */
public final class KnownEvents {

  /** What the cache says of a record. */
  public enum Verdict {
    /** Not known: a row. */
    NEW,
    /** An identical copy of an event that silver holds. */
    COPY_OF_COMMITTED,
    /** An identical copy of an event that was proposed and is not known to be committed. */
    COPY_OF_PENDING,
    /** The same event with other content: a row, for the committer to choose between. */
    CHALLENGER
  }

  private static final int HERE = 1;
  private static final int GONE = 2;

  /** 33 bytes a slot, in tables that are between a third and two thirds full. */
  private static final int BYTES_PER_ENTRY = 66;

  private static final long DAY_MICROS = Duration.ofDays(1).toNanos() / 1000;

  private final SilverIds silver;
  private final long horizonMicros;
  private final int mostEntries;
  private final Shard[] shards;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  /** Loaded dates as days since 1970, and when each was last asked about, in refreshes. */
  private final Map<Long, Long> loadedDays = new HashMap<>();

  private final Map<String, OwnFile> ownFiles = new HashMap<>();
  private Version version = Version.NONE;
  private long refreshes;

  /** A file proposed by this process: enough to recognise its commit without reading it. */
  private record OwnFile(EventKeys keys, Map<PartitionId, Runs> positions) {}

  private static final class Shard {
    EventKeyTable committed = new EventKeyTable(1024);
    EventKeyTable pending = new EventKeyTable(1024, true);
    int gone;
  }

  /**
   * @param horizon largest distance of the event times of one event
   * @param shards into how many parts ids are split; workers of different parts do not wait for
   *     each other
   * @param mostEntries above this many committed entries, the dates that were asked about longest
   *     ago are forgotten, but for those around one event: they must find room together
   */
  public KnownEvents(SilverIds silver, Duration horizon, int shards, int mostEntries) {
    this.silver = silver;
    this.horizonMicros = horizon.toNanos() / 1000;
    this.mostEntries = mostEntries;
    this.shards = new Shard[shards];
    for (int i = 0; i < shards; i++) {
      this.shards[i] = new Shard();
    }
  }

  /**
   * How many committed entries a process may keep: {@code most}, or what fits a quarter of its
   * heap.
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

  /** Brings the cache to silver's newest version. */
  public void refresh() {
    lock.writeLock().lock();
    try {
      refreshes++;
      Version newest = silver.latest();
      if (!newest.equals(version)) {
        follow(newest);
        version = newest;
      }
      settleOwnFiles();
      if (entries() > mostEntries) {
        forget();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void follow(Version newest) {
    boolean sameTable = version.tableId().isEmpty() || version.tableId().equals(newest.tableId());
    Optional<List<AddedFile>> added =
        sameTable ? silver.addedBetween(version, newest) : Optional.empty();
    if (added.isEmpty()) {
      startOver();
      return;
    }
    for (AddedFile file : added.get()) {
      OwnFile own = ownFiles.remove(file.path());
      boolean recognised = own != null && commit(own);
      if (!recognised && loadedDays.containsKey(file.date().toEpochDay())) {
        silver.scan(file, this::putCommitted);
      }
    }
  }

  /** Another table, or a log that no longer reaches back: what was known is worth nothing. */
  private void startOver() {
    loadedDays.clear();
    for (Shard shard : shards) {
      synchronized (shard) {
        shard.committed = new EventKeyTable(1024);
      }
    }
  }

  /** Makes the rows of an own file committed; false if they are no longer known in full. */
  private boolean commit(OwnFile own) {
    EventKeys keys = own.keys();
    for (int i = 0; i < keys.size(); i++) {
      Shard shard = shard(keys.idHigh(i), keys.idLow(i));
      synchronized (shard) {
        int slot = pendingSlot(shard, keys, i);
        if (slot < 0) {
          return false;
        }
        putCommitted(keys.idHigh(i), keys.idLow(i), keys.eventMicros(i), shard.pending.value(slot));
        drop(shard, slot);
      }
    }
    return true;
  }

  private void putCommitted(long high, long low, long micros, long digest) {
    Shard shard = shard(high, low);
    synchronized (shard) {
      int slot = shard.committed.find(high, low, micros, horizonMicros);
      if (slot < 0) {
        shard.committed.add(high, low, micros, digest, HERE);
      } else {
        shard.committed.value(slot, digest);
        shard.committed.eventMicros(slot, micros);
      }
    }
  }

  private int pendingSlot(Shard shard, EventKeys keys, int index) {
    int slot =
        shard.pending.find(
            keys.idHigh(index), keys.idLow(index), keys.eventMicros(index), horizonMicros);
    return slot >= 0 && shard.pending.tag(slot) == GONE ? -1 : slot;
  }

  private void drop(Shard shard, int pendingSlot) {
    shard.pending.tag(pendingSlot, GONE);
    shard.gone++;
    if (shard.gone > 1024 && shard.gone > shard.pending.size() / 2) {
      EventKeyTable old = shard.pending;
      shard.pending = new EventKeyTable(old.size() - shard.gone, true);
      for (int slot = 0; slot < old.capacity(); slot++) {
        if (old.tag(slot) == HERE) {
          int moved =
              shard.pending.add(
                  old.idHigh(slot), old.idLow(slot), old.eventMicros(slot), old.value(slot), HERE);
          shard.pending.mark(moved, old.mark(slot));
        }
      }
      shard.gone = 0;
    }
  }

  /** Proposals whose positions silver covers in another way are on their way no longer. */
  private void settleOwnFiles() {
    if (ownFiles.isEmpty()) {
      return;
    }
    Set<PartitionId> partitions = new HashSet<>();
    ownFiles.values().forEach(own -> partitions.addAll(own.positions().keySet()));
    Map<PartitionId, Runs> covered = silver.covered(partitions);
    ownFiles
        .values()
        .removeIf(
            own -> {
              for (Map.Entry<PartitionId, Runs> position : own.positions().entrySet()) {
                if (!covered
                    .getOrDefault(position.getKey(), Runs.empty())
                    .containsAll(position.getValue())) {
                  return false;
                }
              }
              giveUp(own.keys());
              return true;
            });
  }

  private void giveUp(EventKeys keys) {
    for (int i = 0; i < keys.size(); i++) {
      Shard shard = shard(keys.idHigh(i), keys.idLow(i));
      synchronized (shard) {
        int slot = pendingSlot(shard, keys, i);
        if (slot >= 0) {
          drop(shard, slot);
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
        entries += shard.committed.size();
      }
    }
    return entries;
  }

  /**
   * Keeps the half of the loaded dates that was asked about last. The dates around one event are
   * needed together: to forget one of them would only mean to read it again for the next batch.
   */
  private void forget() {
    long neededTogether = 2 * ((horizonMicros + DAY_MICROS - 1) / DAY_MICROS) + 1;
    if (loadedDays.size() <= neededTogether) {
      return;
    }
    List<Long> byUse = new ArrayList<>(loadedDays.keySet());
    byUse.sort(Comparator.comparing(loadedDays::get));
    byUse.subList(0, (byUse.size() + 1) / 2).forEach(loadedDays::remove);
    for (Shard shard : shards) {
      synchronized (shard) {
        EventKeyTable old = shard.committed;
        shard.committed = new EventKeyTable(old.size() / 2);
        for (int slot = 0; slot < old.capacity(); slot++) {
          if (old.tag(slot) == HERE && loadedDays.containsKey(day(old.eventMicros(slot)))) {
            shard.committed.add(
                old.idHigh(slot), old.idLow(slot), old.eventMicros(slot), old.value(slot), HERE);
          }
        }
      }
    }
  }

  private static long day(long micros) {
    return Math.floorDiv(micros, DAY_MICROS);
  }

  /** The dates, as days since 1970, that copies of these events could have. */
  private Set<Long> daysOf(EventBatch batch) {
    Set<Long> days = new TreeSet<>();
    long lastDay = Long.MIN_VALUE;
    for (EventBatch.Cursor event = batch.cursor(); event.next(); ) {
      long day = day(event.eventMicros());
      if (day != lastDay) {
        lastDay = day;
        long latest = day((day + 1) * DAY_MICROS - 1 + horizonMicros);
        for (long near = day(day * DAY_MICROS - horizonMicros); near <= latest; near++) {
          days.add(near);
        }
      }
    }
    return days;
  }

  private void load(Set<Long> days) {
    lock.writeLock().lock();
    try {
      Set<LocalDate> missing = new TreeSet<>();
      for (long day : days) {
        if (loadedDays.put(day, refreshes) == null) {
          missing.add(LocalDate.ofEpochDay(day));
        }
      }
      if (!missing.isEmpty() && version.number() >= 0) {
        silver.scan(version, missing, this::putCommitted);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * Decides on the events of a batch, all of one version of silver. Events found new are pending
   * from here on.
   */
  public Decisions decide(EventBatch batch) {
    Set<Long> days = daysOf(batch);
    while (true) {
      lock.readLock().lock();
      // An event of a date that is not loaded would pass for new: look under the same lock that
      // the decisions are made under.
      if (loadedDays.keySet().containsAll(days)) {
        return new Decisions(batch);
      }
      lock.readLock().unlock();
      load(days);
    }
  }

  /** Holds the cache's read lock, and so one version, while a batch is decided. */
  public final class Decisions implements AutoCloseable {
    private final EventBatch.Cursor event;
    private final long[] partitionHashes;
    private Verdict verdict = Verdict.NEW;

    private Decisions(EventBatch batch) {
      event = batch.cursor();
      partitionHashes = new long[batch.partitions().size()];
      for (int i = 0; i < partitionHashes.length; i++) {
        partitionHashes[i] = batch.partitions().get(i).hashCode() * 0x9E3779B97F4A7C15L;
      }
    }

    /** The version that the decisions rest on. */
    public Version version() {
      return version;
    }

    /** Decides on the next event; false at the end. */
    public boolean next() {
      if (!event.next()) {
        return false;
      }
      long position =
          (partitionHashes[event.partitionIndex()] ^ event.offset()) * 0xC2B2AE3D27D4EB4FL;
      Shard shard = shard(event.idHigh(), event.idLow());
      synchronized (shard) {
        verdict = decide(shard, position);
      }
      return true;
    }

    private Verdict decide(Shard shard, long position) {
      long high = event.idHigh();
      long low = event.idLow();
      long micros = event.eventMicros();
      long digest = event.digest();
      int committed = shard.committed.find(high, low, micros, horizonMicros);
      if (committed >= 0) {
        return shard.committed.value(committed) == digest
            ? Verdict.COPY_OF_COMMITTED
            : Verdict.CHALLENGER;
      }
      EventKeyTable pending = shard.pending;
      int slot = pending.find(high, low, micros, horizonMicros);
      if (slot < 0) {
        pending.mark(pending.add(high, low, micros, digest, HERE), position);
        return Verdict.NEW;
      }
      boolean gone = pending.tag(slot) == GONE;
      if (gone || pending.mark(slot) == position) {
        shard.gone -= gone ? 1 : 0;
        pending.tag(slot, HERE);
        pending.value(slot, digest);
        pending.eventMicros(slot, micros);
        pending.mark(slot, position);
        return Verdict.NEW;
      }
      return pending.value(slot) == digest ? Verdict.COPY_OF_PENDING : Verdict.CHALLENGER;
    }

    /** The event that {@link #next()} decided on. */
    public EventBatch.Cursor event() {
      return event;
    }

    public Verdict verdict() {
      return verdict;
    }

    @Override
    public void close() {
      lock.readLock().unlock();
    }
  }

  /** Notes a file of rows that is about to be proposed. */
  public void proposed(DataFile file) {
    DataFile.Content content = file.content();
    if (content == null || !file.challengers().isEmpty()) {
      return;
    }
    Map<PartitionId, Runs> positions = new HashMap<>();
    for (Coverage coverage : file.coverage()) {
      positions.merge(coverage.partition(), coverage.runs(), Runs::union);
    }
    lock.writeLock().lock();
    try {
      ownFiles.put(content.path(), new OwnFile(file.keys(), positions));
    } finally {
      lock.writeLock().unlock();
    }
  }
}
