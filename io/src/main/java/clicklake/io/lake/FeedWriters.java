package clicklake.io.lake;

import clicklake.io.parquet.ParquetSettings;
import clicklake.io.storage.LakeFiles;
import clicklake.io.storage.LakeStorage;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.LakeWriters;
import clicklake.schemas.spill.SpillFolder;
import clicklake.schemas.table.Feed;
import java.time.Clock;
import org.apache.beam.sdk.transforms.SerializableFunction;

/**
 * Writes the rows of bundles into Parquet files below the folders of a feed's tables: records and
 * rejects of any feed, events of {@link Feed#EVENTS} alone.
 *
 * <p>A file is called {@code <partition column>=<date>/<created>-<unique>.parquet}: created is the
 * bundle's start in milliseconds, unique is drawn at random, so that a retry never meets the stray
 * files of the attempt before it. A file that is full (see {@link ParquetSettings}) is closed and
 * another one begun.
 *
 * <p>A writer has one file for each date, however many dates its rows have and in whatever order
 * they come: the files of the first few dates are open side by side, and rows of further dates wait
 * (see {@link WaitingRows}) until the bundle ends, when their files are written one after the
 * other.
 *
 * <p>Each file covers the positions of its rows. Holes of landing files, ends of partitions and
 * duplicates go with the writer's first file, or alone if it wrote none. Holes of other sources are
 * always proposed alone: silver's committer covers them only if bronze holds no record there. A
 * record's {@code ingest_date} is the day of its {@code _ingested_at}, which keeps what the source
 * said: of a record without an arrival (Kafka says -1) it is 1969-12-31. Arrivals outside the years
 * 1 to 9999 are filed under the nearest day.
 */
public final class FeedWriters implements LakeWriters {
  private static final long serialVersionUID = 1L;

  /** Rows that wait take up to a 32nd of the heap in each writer, but no more than this. */
  private static final long MOST_WAITING_BYTES = 64L << 20;

  /**
   * Of records as received: each is so like the last that this level makes them no larger than
   * level 3 does, in half the time.
   */
  private static final int ZSTD_LEVEL_OF_RECORDS = 1;

  private final LakeLocation lake;
  private final Feed feed;
  private final ParquetSettings settings;
  private final String processorVersion;
  private final Clock clock;
  private final long mostWaitingBytes;
  private final SerializableFunction<LakeLocation, LakeFiles> storage;
  private final SpillFolder spills;

  /**
   * @param lake where the lake lies
   * @param feed whose tables are written
   * @param processorVersion parser version and settings, for quarantine
   * @param clock for times of creation and {@code _processed_at}; must be serializable
   */
  public FeedWriters(
      LakeLocation lake,
      Feed feed,
      ParquetSettings settings,
      String processorVersion,
      Clock clock) {
    this(lake, feed, settings, processorVersion, clock, MOST_WAITING_BYTES, LakeStorage::of);
  }

  /**
   * @param mostWaitingBytes how much of the heap a writer's waiting rows may take at the most
   * @param storage of a lake, by its location
   */
  FeedWriters(
      LakeLocation lake,
      Feed feed,
      ParquetSettings settings,
      String processorVersion,
      Clock clock,
      long mostWaitingBytes,
      SerializableFunction<LakeLocation, LakeFiles> storage) {
    this(
        lake,
        feed,
        settings,
        processorVersion,
        clock,
        mostWaitingBytes,
        storage,
        SpillFolder.OF_JVM);
  }

  private FeedWriters(
      LakeLocation lake,
      Feed feed,
      ParquetSettings settings,
      String processorVersion,
      Clock clock,
      long mostWaitingBytes,
      SerializableFunction<LakeLocation, LakeFiles> storage,
      SpillFolder spills) {
    this.lake = lake;
    this.feed = feed;
    this.settings = settings;
    this.processorVersion = processorVersion;
    this.clock = clock;
    this.mostWaitingBytes = mostWaitingBytes;
    this.storage = storage;
    this.spills = spills;
  }

  /** The same, with temporary files in a folder. */
  public FeedWriters spillingTo(SpillFolder folder) {
    return new FeedWriters(
        lake, feed, settings, processorVersion, clock, mostWaitingBytes, storage, folder);
  }

  private BundleFiles.Settings bundle(ParquetSettings parquet) {
    return new BundleFiles.Settings(
        lake, storage.apply(lake), parquet, clock.millis(), mostWaitingBytes, spills);
  }

  private BundleFiles.Settings bundleOfRecords() {
    return bundle(settings.withZstdLevel(ZSTD_LEVEL_OF_RECORDS));
  }

  @Override
  public Records openRecords() {
    return new RecordFiles(bundleOfRecords(), feed.bronze());
  }

  @Override
  public Rejects openRejects() {
    return new RejectFiles(bundleOfRecords(), feed.quarantine(), processorVersion);
  }

  @Override
  public Events openEvents() {
    feed.requireEvents("writer of events");
    return new EventFiles(bundle(settings));
  }
}
