package clicklake.io.lake;

import clicklake.io.commit.GapCommitter;
import clicklake.io.commit.LakeTables;
import clicklake.io.commit.Publishing;
import clicklake.io.commit.QuarantinePublisher;
import clicklake.io.ledger.Ledger;
import clicklake.io.ledger.LedgerTable;
import clicklake.io.parquet.ParquetSettings;
import clicklake.io.storage.LakeFiles;
import clicklake.io.storage.LakeStorage;
import clicklake.io.storage.StorageFailures;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.lake.LakeCoverage;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.LakeWriters;
import clicklake.schemas.lake.OpenLakes;
import clicklake.schemas.lake.SilverIds;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.spill.SpillFolder;
import clicklake.schemas.table.Feed;
import clicklake.schemas.table.LakeException;
import clicklake.schemas.table.TableFiles;
import clicklake.schemas.table.TableLog;
import clicklake.schemas.table.TableSchema;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lake of Delta tables, and one feed in it: the way into this package.
 *
 * <p>A value that says where the lake lies and which feed is meant; everything it hands out may be
 * sent to workers, and finds the tables there. All that works on one lake in one process shares its
 * tables: see {@link OpenLakes}.
 */
public final class EventLake implements LakeHandle {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(EventLake.class);

  private final LakeLocation location;
  private final Feed feed;

  private EventLake(LakeLocation location, Feed feed) {
    this.location = location;
    this.feed = feed;
  }

  /** The events of the lake at a place, which need not exist yet. */
  public static EventLake at(LakeLocation location) {
    return at(location, Feed.EVENTS);
  }

  /**
   * A feed of the lake at a place, which need not exist yet. Feeds of one lake share nothing but
   * its storage.
   */
  public static EventLake at(LakeLocation location, Feed feed) {
    return new EventLake(location, feed);
  }

  @Override
  public LakeLocation location() {
    return location;
  }

  @Override
  public Feed feed() {
    return feed;
  }

  @Override
  public LakeTables tables() {
    return OpenLakes.of(
        location,
        LakeTables.class,
        feed,
        () ->
            new LakeTables(
                table(feed.bronze()),
                table(feed.silver()),
                log(feed.quarantine()),
                files(feed.quarantine()),
                Publishing.behindCommits()));
  }

  private LedgerTable table(TableSchema schema) {
    return new LedgerTable(log(schema), files(schema), LakeStorage.of(location).calls());
  }

  private TableLog log(TableSchema schema) {
    return DeltaTables.at(location).log(schema);
  }

  private TableFiles files(TableSchema schema) {
    return DeltaTables.at(location).files(schema);
  }

  /**
   * Tries the storage and looks at the tables that are there, before a pipeline is built on them.
   * Also deletes what killed writers have left in the storage, longer ago than any file may be
   * proposed.
   *
   * @throws LakeException if the storage is not fit for a lake, or a table is not ours, not as its
   *     ledger says, or cannot be read
   */
  public void check() {
    LakeFiles files = LakeStorage.of(location);
    try {
      files.check(location.root());
      int abandoned = files.deleteAbandoned(location.root(), Instant.now().minus(Proposal.MAX_AGE));
      if (abandoned > 0) {
        LOG.info("{}: deleted {} unfinished uploads of killed writers", location, abandoned);
      }
    } catch (IOException e) {
      throw StorageFailures.of("use the lake at", location.root(), e);
    }
    LakeTables tables = tables();
    tables.bronze().newestIfAny();
    tables.silver().newestIfAny();
    QuarantinePublisher.applied(tables);
  }

  /**
   * Puts into quarantine what silver has refused and quarantine does not hold yet. A run that ended
   * between the two commits leaves such records behind; if nothing new comes, no later commit would
   * take them along.
   *
   * @param deadLetters where refused records are sent besides quarantine; null for nowhere
   * @throws LakeException if a table is not as its ledger says, or the storage fails
   */
  public void publishRejects(@Nullable DeadLetters deadLetters) {
    LakeTables tables = tables();
    tables.publishing().await();
    if (tables.silver().newestIfAny().isPresent()) {
      new QuarantinePublisher(
              tables,
              deadLetters == null
                  ? null
                  : files -> {
                    RejectedRecords.send(this, files, deadLetters);
                    deadLetters.close();
                  })
          .publish();
    }
  }

  /**
   * When bronze or silver last had a commit of a job; empty if there is neither table. Commits that
   * only rearrange files do not count.
   *
   * @throws LakeException if a log cannot be read
   */
  public Optional<Instant> lastDecision() {
    LakeTables tables = tables();
    return Stream.of(tables.bronze(), tables.silver())
        .flatMap(table -> table.lastDecision().stream())
        .max(Comparator.naturalOrder());
  }

  /**
   * Covers positions whose records are lost, first in bronze, which lists them as lost for ever,
   * then in silver. What is covered already stays as it is.
   *
   * @throws LakeException if a table is not as its ledger says, or the storage fails
   */
  public void acceptGaps(Map<SourcePartition, OffsetRanges> gaps) {
    if (gaps.isEmpty()) {
      return;
    }
    gaps.forEach(
        (partition, runs) ->
            LOG.warn(
                "{}: going on without the records of {}, which retention removed before they were"
                    + " read",
                partition,
                runs));
    LakeTables tables = tables();
    new GapCommitter(tables.bronze(), gaps, true).commit();
    new GapCommitter(tables.silver(), gaps, false).commit();
  }

  /** What the feed covers of its sources. */
  public LakeCoverage coverage() {
    return new FeedCoverage(this);
  }

  /**
   * Which events silver holds.
   *
   * @throws IllegalArgumentException if this is not the feed of events
   */
  public SilverIds silverIds() {
    return new EventLakeIds(this);
  }

  /**
   * Writers for bundles; those for events are there in the feed of events alone.
   *
   * @param processorVersion parser version and settings, for quarantine's rows
   */
  public LakeWriters writers(String processorVersion) {
    return writers(processorVersion, SpillFolder.OF_JVM);
  }

  /**
   * Writers for bundles; those for events are there in the feed of events alone.
   *
   * @param processorVersion parser version and settings, for quarantine's rows
   * @param spills takes rows of many dates that do not fit the heap
   */
  public LakeWriters writers(String processorVersion, SpillFolder spills) {
    return new FeedWriters(
            location, feed, ParquetSettings.DEFAULT, processorVersion, Clock.systemUTC())
        .spillingTo(spills);
  }

  /** Sums over what the feed holds now, from the ledgers alone. */
  public LakeCounts counts() {
    LakeTables tables = tables();
    LakeCounts counts = LakeCounts.NOTHING;
    var silver = tables.silver().newestIfAny();
    var bronze = tables.bronze().newestIfAny();
    if (bronze.isPresent()) {
      counts = counts.withBronze(bronze.get().ledger().rowCount());
    }
    if (silver.isPresent()) {
      Ledger ledger = silver.get().ledger();
      long rejects = ledger.retired().rejects();
      long duplicates = ledger.retired().duplicates();
      long conflicts = ledger.retired().conflicts();
      for (Ledger.Partition partition : ledger.partitions().values()) {
        rejects += partition.rejects();
        duplicates += partition.duplicates();
        conflicts += partition.conflicts();
      }
      counts = counts.withSilver(ledger.rowCount(), rejects, duplicates, conflicts);
    }
    return counts;
  }
}
