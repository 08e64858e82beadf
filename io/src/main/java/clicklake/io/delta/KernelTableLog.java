package clicklake.io.delta;

import clicklake.io.Causes;
import clicklake.io.storage.LakeFiles;
import clicklake.io.storage.LocalFiles;
import clicklake.io.storage.StorageFailures;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.CommitConflictException;
import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.LakeException;
import clicklake.schemas.table.LogJson;
import clicklake.schemas.table.StorageCalls;
import clicklake.schemas.table.TableLog;
import clicklake.schemas.table.TableSchema;
import io.delta.kernel.Operation;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.commit.CommitFailedException;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.defaults.engine.fileio.SeekableInputStream;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.TableAlreadyExistsException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.hook.PostCommitHook;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.ScanImpl;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.DomainMetadata;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.internal.data.GenericRow;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.transaction.DataLayoutSpec;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Delta log through Delta Kernel.
 *
 * <p>What is known of the newest version stays in memory. A look for newer ones asks for the
 * attributes of two names, the commit last seen and the one after it, so that it costs the same
 * however long the log is; newer commits are read one by one, and a whole snapshot only when the
 * table was replaced, its schema changed, or many commits were missed. A commit builds on the
 * snapshot that the commit before it left behind, and is one put.
 *
 * <p>Checksums and checkpoints follow a commit in the background. They only make reading cheaper,
 * so their failure fails nothing.
 */
public final class KernelTableLog implements TableLog {
  private static final Logger LOG = LoggerFactory.getLogger(KernelTableLog.class);
  private static final String ENGINE = "Clicklake";

  /** Commits to catch up with one by one; beyond, a checkpoint is the shorter way. */
  private static final int TAIL = 100;

  /** How often a snapshot is read beside commits before they wait for it. */
  private static final int RELOADS = 5;

  /** No put takes this long, so no temporary file is in use after it. */
  private static final Duration LONGEST_PUT = Duration.ofDays(1);

  static {
    LogJson.letKernelReadLongTexts();
  }

  private final LakeFiles files;
  private final Engine engine;
  private final String root;
  private final TableSchema schema;
  private final LogCommitter committer;
  private final CommitCache commits = new CommitCache();
  private final Consumer<Runnable> background;
  private final Object lock = new Object();
  private @Nullable Known known;

  /** The same for all who only ask: during a commit it is the version before. */
  private volatile @Nullable Known published;

  /** When that was certainly the newest version, by {@link System#nanoTime}. */
  private volatile long confirmed = System.nanoTime();

  /** Id of the table whose commits are in the cache. */
  private String cachedTable = "";

  /**
   * What is known of the newest version.
   *
   * @param commitFile its file in the log
   * @param snapshot Kernel's view of it; null if it was found by reading single commits
   */
  private record Known(TableState state, FileStatus commitFile, @Nullable SnapshotImpl snapshot) {}

  /** A log whose commits also write checksum and checkpoint. */
  public KernelTableLog(LakeFiles files, String lake, TableSchema schema) {
    this(files, lake, schema, Runnable::run);
  }

  /**
   * @param files where the lake is kept; must put files atomically and only if absent
   * @param lake the lake's root
   * @param schema the table
   * @param background has checksums and checkpoints written, in the order in which they are given
   */
  public KernelTableLog(
      LakeFiles files, String lake, TableSchema schema, Consumer<Runnable> background) {
    this.files = files;
    this.background = background;
    this.engine = DefaultEngine.create(files);
    this.schema = schema;
    this.committer = new LogCommitter(files, schema.comment());
    String path = lake + "/" + schema.path();
    try {
      this.root = files.resolvePath(path);
    } catch (IOException e) {
      throw StorageFailures.of("resolve", path, e);
    }
  }

  /**
   * The newest version of a table of any schema; empty if there is none.
   *
   * @throws LakeException if the log cannot be read
   */
  public static Optional<TableState> newestOf(LakeFiles files, String lake, String table) {
    String path = lake + "/" + table;
    try {
      SnapshotImpl snapshot =
          (SnapshotImpl)
              TableManager.loadSnapshot(files.resolvePath(path)).build(DefaultEngine.create(files));
      return Optional.of(know(snapshot).state());
    } catch (TableNotFoundException e) {
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      throw StorageFailures.of("read the log of", path, e);
    }
  }

  @Override
  public String name() {
    return schema.path();
  }

  @Override
  public Optional<TableState> newest() {
    synchronized (lock) {
      refresh();
      return Optional.ofNullable(known).map(Known::state);
    }
  }

  @Override
  public Optional<TableState> newestWithin(Duration age) {
    if (!isConfirmed(age)) {
      synchronized (lock) {
        // Who waited for the lock, waited for a look or a commit.
        if (!isConfirmed(age)) {
          refresh();
        }
      }
    }
    return known();
  }

  private boolean isConfirmed(Duration age) {
    return published != null && System.nanoTime() - confirmed <= age.toNanos();
  }

  @Override
  public Optional<TableState> known() {
    return Optional.ofNullable(published).map(Known::state);
  }

  @Override
  public boolean holds(TableState state) {
    Known last = published;
    return last != null
        && last.state().tableId().equals(state.tableId())
        && holds(last.commitFile());
  }

  /** Takes a version that was the newest at a time, by {@link System#nanoTime}. */
  private void publish(@Nullable Known newest, long at) {
    known = newest;
    published = newest;
    confirmed = at;
  }

  private boolean holds(FileStatus commitFile) {
    try {
      return files.holds(commitFile);
    } catch (IOException e) {
      throw StorageFailures.of("look for", commitFile.getPath(), e);
    }
  }

  private void refresh() {
    Known before = known;
    if (before == null || !catchUp(before)) {
      load();
    }
  }

  /** Reads the commits after a known one; false if only a new look at the table can tell. */
  private boolean catchUp(Known before) {
    long asked = System.nanoTime();
    long version = before.state().version();
    AtomicBoolean held = new AtomicBoolean();
    AtomicReference<Optional<FileStatus>> after = new AtomicReference<>(Optional.empty());
    files
        .calls()
        .makeAll(
            List.of(
                () -> held.set(holds(before.commitFile())),
                () -> after.set(status(before.state().version() + 1))));
    if (!held.get()) {
      return false;
    }
    Map<String, String> domains = new HashMap<>(before.state().domains());
    FileStatus last = before.commitFile();
    for (Iterator<FileStatus> commits = commitsFrom(version + 1, after.get());
        commits.hasNext(); ) {
      FileStatus next = commits.next();
      if (version - before.state().version() >= TAIL) {
        return false;
      }
      Optional<CommitFile> commit = readCommit(version + 1, next.getSize());
      if (commit.isEmpty() || commit.get().changesTable()) {
        return false;
      }
      commit
          .get()
          .domains()
          .forEach(
              (domain, text) ->
                  text.ifPresentOrElse(
                      configuration -> domains.put(domain, configuration),
                      () -> domains.remove(domain)));
      version++;
      last = next;
    }
    publish(
        version == before.state().version()
            ? before
            : new Known(new TableState(before.state().tableId(), version, domains), last, null),
        asked);
    return true;
  }

  /**
   * The commits from a version on. Where each look waits for a network they are listed at once, and
   * the storage fetches them side by side; on a disk, where a listing reads every name of the log,
   * they are looked for one after the other.
   *
   * @param first the commit of that version, if it is there
   */
  private Iterator<FileStatus> commitsFrom(long version, Optional<FileStatus> first) {
    if (first.isPresent() && files.calls() != StorageCalls.IN_TURN) {
      return list(version).iterator();
    }
    return new Iterator<>() {
      private Optional<FileStatus> next = first;
      private long number = version;

      @Override
      public boolean hasNext() {
        return next.isPresent();
      }

      @Override
      public FileStatus next() {
        FileStatus commit = next.orElseThrow();
        number++;
        next = status(number);
        return commit;
      }
    };
  }

  private List<FileStatus> list(long version) {
    List<FileStatus> commits = new ArrayList<>();
    String first = root + "/" + LogPaths.commit(version);
    try (CloseableIterator<FileStatus> names = files.listFrom(first)) {
      while (names.hasNext()) {
        FileStatus file = names.next();
        if (file.getPath().endsWith(LogPaths.commit(version + commits.size()))) {
          commits.add(file);
        }
      }
      return commits;
    } catch (FileNotFoundException e) {
      return commits;
    } catch (IOException e) {
      throw StorageFailures.of("list the log from", first, e);
    }
  }

  private Optional<FileStatus> status(long version) {
    String path = root + "/" + LogPaths.commit(version);
    try {
      return Optional.of(files.getFileStatus(path));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw StorageFailures.of("look for", path, e);
    }
  }

  private Optional<CommitFile> readCommit(long version, long size) {
    Optional<CommitFile> cached = commits.find(version);
    if (cached.isPresent()) {
      return cached;
    }
    String path = root + "/" + LogPaths.commit(version);
    try (SeekableInputStream in = files.newInputFile(path, size).newStream()) {
      CommitFile commit = CommitFile.parse(name(), schema.partitionColumn(), version, in);
      commits.put(commit);
      return Optional.of(commit);
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw StorageFailures.of("read", path, e);
    }
  }

  /** Reads the newest version through Kernel; leaves nothing known if there is no table. */
  private void load() {
    long asked = System.nanoTime();
    known = null;
    try {
      SnapshotImpl snapshot = newestSnapshot();
      KernelSchema.check(schema, root, snapshot);
      Known newest = know(snapshot);
      publish(newest, asked);
      if (!cachedTable.equals(newest.state().tableId())) {
        commits.clear();
        cachedTable = newest.state().tableId();
      }
    } catch (TableNotFoundException e) {
      LOG.debug("{}: no table yet", name());
      publish(null, asked);
      commits.clear();
    } catch (RuntimeException e) {
      throw StorageFailures.of("read the log of", root, e);
    }
  }

  private SnapshotImpl newestSnapshot() {
    return (SnapshotImpl) TableManager.loadSnapshot(root).withCommitter(committer).build(engine);
  }

  private static Known know(SnapshotImpl snapshot) {
    Map<String, String> domains =
        snapshot.getActiveDomainMetadataMap().values().stream()
            .collect(Collectors.toMap(DomainMetadata::getDomain, DomainMetadata::getConfiguration));
    return new Known(
        new TableState(snapshot.getMetadata().getId(), snapshot.getVersion(), domains),
        snapshot.getLogSegment().getDeltaFileAtEndVersion(),
        snapshot);
  }

  @Override
  public TableState create(Map<String, String> domains) {
    synchronized (lock) {
      refresh();
      if (known == null) {
        try {
          files.mkdirs(root + "/_delta_log");
          var builder =
              TableManager.buildCreateTableTransaction(root, KernelSchema.of(schema), ENGINE)
                  .withTableProperties(
                      Map.of(
                          "delta.feature.domainMetadata",
                          "supported",
                          "delta.checkpointInterval",
                          "50"))
                  .withMaxRetries(0)
                  .withCommitter(committer);
          if (schema.partitionColumn() != null) {
            builder.withDataLayoutSpec(
                DataLayoutSpec.partitioned(
                    List.of(new io.delta.kernel.expressions.Column(schema.partitionColumn()))));
          }
          Transaction transaction = builder.build(engine);
          domains.forEach(transaction::addDomainMetadata);
          transaction.commit(engine, CloseableIterable.emptyIterable());
        } catch (TableAlreadyExistsException e) {
          LOG.debug("{}: somebody else created it just now", name());
        } catch (IOException | RuntimeException e) {
          if (!isConflict(e)) {
            throw StorageFailures.of("create table", root, e);
          }
        }
        load();
      }
      if (known == null) {
        throw new LakeException(
            "cannot create table "
                + root
                + ": it is not there after it was put; is the storage"
                + " eventually consistent, or does somebody delete it?");
      }
      return known.state();
    }
  }

  @Override
  public boolean showCommits(long since, long until, CommitVisitor visitor) {
    for (long version = since + 1; version <= until; version++) {
      Optional<CommitFile> commit = readCommit(version, -1);
      if (commit.isEmpty()) {
        return false;
      }
      if (!visitor.show(commit.get().commit())) {
        break;
      }
    }
    return true;
  }

  @Override
  public Optional<Instant> committedAt(long version) {
    Optional<CommitFile> commit = readCommit(version, -1);
    Instant time = commit.map(CommitFile::time).orElse(null);
    return time != null || commit.isEmpty()
        ? Optional.ofNullable(time)
        : status(version).map(file -> Instant.ofEpochMilli(file.getModificationTime()));
  }

  @Override
  public TableState commit(TableState base, Changes changes) {
    Optional<TransactionCommitResult> result;
    synchronized (lock) {
      result = put(base, changes);
      // A checksum that does not follow from the one before it is read from the log, and every
      // later commit would read it again: it comes at once.
      result.ifPresent(this::writeMissingChecksum);
    }
    result.ifPresent(put -> background.accept(() -> runHooks(put)));
    return new TableState(base.tableId(), base.version() + 1, merged(base, changes));
  }

  /** Puts a version; empty if the storage refused it although it had put it. */
  private Optional<TransactionCommitResult> put(TableState base, Changes changes) {
    SnapshotImpl snapshot = snapshotToWriteOn(base);
    long version = base.version() + 1;
    // Whatever goes wrong, the snapshot is used up: Kernel has counted the files of this attempt
    // into its histogram.
    known = null;
    try {
      Transaction transaction =
          snapshot
              .buildUpdateTableTransaction(ENGINE, Operation.WRITE)
              .withMaxRetries(0)
              .build(engine);
      transaction.withCommitterProperties(
          () -> Map.of(LogCommitter.OPERATION, changes.operation()));
      changes.domains().forEach(transaction::addDomainMetadata);
      List<Row> actions = new ArrayList<>();
      if (!changes.removes().isEmpty()) {
        actions.addAll(removals(snapshot, changes.removes()));
      }
      for (DataFile file : changes.adds()) {
        actions.add(SingleAction.createAddFileSingleAction(addition(file)));
      }
      TransactionCommitResult result = transaction.commit(engine, inMemory(actions));
      Known after = afterCommit(base, changes, result);
      if (after == null) {
        known = null;
      } else {
        publish(after, System.nanoTime());
      }
      commits.put(committer.asCommitFile(version, changes));
      return Optional.of(result);
    } catch (RuntimeException e) {
      if (!isConflict(e)) {
        throw StorageFailures.of("commit version " + version + " of", root, e);
      }
      if (!isOurs(version)) {
        throw new CommitConflictException(name(), version);
      }
      LOG.info("{}: version {} was put, though the storage refused it", name(), version);
      return Optional.empty();
    }
  }

  /**
   * Whether a version that was there when it was to be put is this very commit: a storage may
   * answer a second request whose first it has served, and nobody but the log knows.
   *
   * @throws LakeException if it cannot be read: then nobody knows whose it is
   */
  private boolean isOurs(long version) {
    CommitFile there =
        readCommit(version, -1)
            .orElseThrow(
                () ->
                    new LakeException(
                        "cannot read version "
                            + version
                            + " of "
                            + root
                            + ", which was refused because it is there; try again, and look at the"
                            + " storage if it stays"));
    return !there.transaction().isEmpty() && there.transaction().equals(committer.transaction());
  }

  private SnapshotImpl snapshotToWriteOn(TableState base) {
    if (known == null || known.state().version() < base.version()) {
      refresh();
    }
    if (known != null && known.snapshot() == null) {
      load();
    }
    Known now = known;
    if (now == null || now.snapshot() == null || now.state().version() < base.version()) {
      throw new CorruptTableException(
          name()
              + ": version "
              + base.version()
              + " is gone from "
              + root
              + ": the table was deleted or replaced while a job wrote to it; start the job again");
    }
    if (!now.state().tableId().equals(base.tableId())) {
      throw new CorruptTableException(
          name()
              + ": table "
              + base.tableId()
              + " was replaced by "
              + now.state().tableId()
              + " while a job wrote to it; start the job again");
    }
    if (now.state().version() > base.version()) {
      throw new CommitConflictException(name(), base.version() + 1);
    }
    return now.snapshot();
  }

  private static Map<String, String> merged(TableState base, Changes changes) {
    Map<String, String> domains = new HashMap<>(base.domains());
    domains.putAll(changes.domains());
    return domains;
  }

  private @Nullable Known afterCommit(
      TableState base, Changes changes, TransactionCommitResult result) {
    Optional<Snapshot> snapshot = result.getPostCommitSnapshot();
    if (snapshot.isEmpty()) {
      return null;
    }
    SnapshotImpl after = (SnapshotImpl) snapshot.get();
    return new Known(
        new TableState(base.tableId(), result.getVersion(), merged(base, changes)),
        after.getLogSegment().getDeltaFileAtEndVersion(),
        after);
  }

  private void writeMissingChecksum(TransactionCommitResult result) {
    for (PostCommitHook hook : result.getPostCommitHooks()) {
      if (hook.getType() == PostCommitHook.PostCommitHookType.CHECKSUM_FULL && run(result, hook)) {
        known = null;
      }
    }
  }

  private void runHooks(TransactionCommitResult result) {
    boolean checkpoint = false;
    for (PostCommitHook hook : result.getPostCommitHooks()) {
      switch (hook.getType()) {
        case CHECKPOINT -> checkpoint = true;
        case CHECKSUM_FULL -> LOG.debug("{}: its checksum is written", name());
        default -> run(result, hook);
      }
    }
    if (checkpoint) {
      writeCheckpoint(result.getVersion());
    }
  }

  private boolean run(TransactionCommitResult result, PostCommitHook hook) {
    try {
      hook.threadSafeInvoke(engine);
      return true;
    } catch (IOException | RuntimeException e) {
      warn(result.getVersion(), hook.getType().toString(), e);
      return false;
    }
  }

  /**
   * Kernel's hook would load the version by number; a snapshot loaded as the newest also lets
   * expired commits be cleaned away. Afterwards commits build on a snapshot read from the
   * checkpoint: the one at hand names every commit since the checkpoint before.
   */
  private void writeCheckpoint(long version) {
    try {
      SnapshotImpl snapshot = newestSnapshot();
      snapshot.writeCheckpoint(engine);
      deleteAbandoned(know(snapshot).commitFile().getModificationTime() - LONGEST_PUT.toMillis());
      readAgain(RELOADS);
    } catch (IOException | RuntimeException e) {
      warn(version, "CHECKPOINT", e);
    }
  }

  /**
   * Replaces the snapshot at hand by one that was read from the log, if no commit comes in between
   * and its checksum is written; if one does, tries again later, and at last with the log held.
   */
  private void readAgain(int attempts) {
    SnapshotImpl snapshot = newestSnapshot();
    synchronized (lock) {
      Known now = known;
      if (now == null || now.snapshot() == null) {
        return;
      }
      if (snapshot.getVersion() == now.state().version()
          && snapshot.getMetadata().getId().equals(now.state().tableId())
          && snapshot.getCurrentCrcInfo().isPresent()) {
        known = know(snapshot);
        return;
      }
      if (attempts == 0) {
        load();
        return;
      }
    }
    background.accept(
        () -> {
          try {
            readAgain(attempts - 1);
          } catch (RuntimeException e) {
            LOG.warn("{}: reading the log after a checkpoint failed", name(), e);
          }
        });
  }

  /**
   * Deletes what writers that were killed during a put left beside the log: hidden files of {@link
   * LocalFiles} alone, that are older than any put takes. Ages are told by the storage's clock.
   */
  private void deleteAbandoned(long beforeMillis) throws IOException {
    List<String> abandoned = new ArrayList<>();
    // Hidden names come first.
    try (CloseableIterator<FileStatus> names = files.listFrom(root + "/_delta_log/.")) {
      while (names.hasNext()) {
        FileStatus file = names.next();
        String name = file.getPath().substring(file.getPath().lastIndexOf('/') + 1);
        if (!name.startsWith(".")) {
          break;
        }
        if (LocalFiles.isTemporary(name) && file.getModificationTime() < beforeMillis) {
          abandoned.add(file.getPath());
        }
      }
    }
    for (String path : abandoned) {
      files.delete(path);
      LOG.debug("{}: deleted {}, left by a writer that was killed", name(), path);
    }
  }

  private void warn(long version, String hook, Exception failure) {
    LOG.warn("{}: version {} is committed, but {} failed", name(), version, hook, failure);
  }

  private static boolean isConflict(Throwable thrown) {
    for (Throwable each : Causes.of(thrown)) {
      if (each instanceof CommitFailedException failure) {
        return failure.isConflict();
      }
    }
    return false;
  }

  private Row addition(DataFile file) {
    Map<Integer, Object> values = new HashMap<>();
    values.put(AddFile.FULL_SCHEMA.indexOf("path"), LogPaths.encode(file.path()));
    values.put(AddFile.FULL_SCHEMA.indexOf("partitionValues"), partitionValues(file.date()));
    values.put(AddFile.FULL_SCHEMA.indexOf("size"), file.sizeBytes());
    values.put(AddFile.FULL_SCHEMA.indexOf("modificationTime"), modified(file.path()));
    values.put(AddFile.FULL_SCHEMA.indexOf("dataChange"), true);
    values.put(AddFile.FULL_SCHEMA.indexOf("stats"), file.stats());
    return new GenericRow(AddFile.FULL_SCHEMA, values);
  }

  private Object partitionValues(@Nullable String date) {
    Map<String, String> values = new HashMap<>();
    if (schema.partitionColumn() != null) {
      values.put(schema.partitionColumn(), date);
    }
    return VectorUtils.stringStringMapValue(values);
  }

  private long modified(String path) {
    long createdAtMillis = LogPaths.createdAtMillis(path);
    if (createdAtMillis >= 0) {
      return createdAtMillis;
    }
    try {
      return files.getFileStatus(root + "/" + path).getModificationTime();
    } catch (IOException e) {
      throw StorageFailures.of("add to the table", root + "/" + path, e);
    }
  }

  private List<Row> removals(SnapshotImpl snapshot, List<DataFile> removes) {
    Map<String, DataFile> wanted = new HashMap<>();
    removes.forEach(file -> wanted.put(file.path(), file));
    List<Row> rows = new ArrayList<>();
    show(
        snapshot,
        add -> {
          if (wanted.remove(LogPaths.decode(name(), add.getPath())) != null) {
            rows.add(
                SingleAction.createRemoveFileSingleAction(
                    add.toRemoveFileRow(true, Optional.empty())));
          }
        });
    if (!wanted.isEmpty()) {
      throw new CorruptTableException(
          name()
              + ": version "
              + snapshot.getVersion()
              + " has no file "
              + wanted.keySet().iterator().next()
              + " to remove; start the job again");
    }
    return rows;
  }

  @Override
  public void showFiles(
      TableState state, @Nullable Set<LocalDate> dates, Consumer<DataFile> visitor) {
    Set<String> texts =
        dates == null ? null : dates.stream().map(LocalDate::toString).collect(Collectors.toSet());
    show(
        snapshotOf(state),
        add -> {
          Map<String, String> partition = VectorUtils.toJavaMap(add.getPartitionValues());
          String date =
              schema.partitionColumn() == null ? null : partition.get(schema.partitionColumn());
          if (texts != null && (date == null || !texts.contains(date))) {
            return;
          }
          if (add.getDeletionVector().isPresent()) {
            throw CommitFile.deletionVector(name(), add.getPath());
          }
          String stats = add.getStatsJson().orElse("");
          visitor.accept(
              new DataFile(
                  LogPaths.decode(name(), add.getPath()),
                  add.getSize(),
                  CommitFile.rows(stats),
                  date,
                  stats));
        });
  }

  private SnapshotImpl snapshotOf(TableState state) {
    synchronized (lock) {
      Known now = known;
      if (now != null && now.state().version() == state.version()) {
        if (now.snapshot() == null) {
          load();
          now = known;
        }
        if (now != null && now.snapshot() != null && now.state().version() == state.version()) {
          return now.snapshot();
        }
      }
    }
    try {
      return (SnapshotImpl)
          TableManager.loadSnapshot(root).atVersion(state.version()).build(engine);
    } catch (RuntimeException e) {
      throw StorageFailures.of("read version " + state.version() + " of", root, e);
    }
  }

  private void show(SnapshotImpl snapshot, Consumer<AddFile> visitor) {
    ScanImpl scan = (ScanImpl) snapshot.getScanBuilder().build();
    try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine, true)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> rows = batches.next().getRows()) {
          while (rows.hasNext()) {
            visitor.accept(
                new AddFile(rows.next().getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL)));
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      throw StorageFailures.of("list the files of", root, e);
    }
  }

  private static CloseableIterable<Row> inMemory(List<Row> rows) {
    return CloseableIterable.inMemoryIterable(
        io.delta.kernel.internal.util.Utils.toCloseableIterator(rows.iterator()));
  }
}
