package clicklake.io.append;

import clicklake.io.commit.GatherProposals;
import clicklake.io.delta.KernelTableLog;
import clicklake.io.ledger.Ledger;
import clicklake.io.parquet.AvroFile;
import clicklake.io.storage.LakeStorage;
import clicklake.io.storage.S3Settings;
import clicklake.schemas.batch.ProposalCoder;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.LakeException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.jspecify.annotations.Nullable;

/**
 * Appends Avro records to a Delta table, each position of their source once.
 *
 * <pre>{@code
 * Map<SourcePartition, OffsetRanges> covered = DeltaIO.covered("/data/lake", "shop/sales");
 * pipeline
 *     .apply("ReadSales", readSalesFrom(covered))
 *     .setCoder(PositionedRecordsCoder.of(schema))
 *     .apply(
 *         "AppendSales",
 *         DeltaIO.append("/data/lake", "shop/sales", schema)
 *             .partitionedBy("day")
 *             .gatheringFor(Duration.ofSeconds(5)));
 * }</pre>
 *
 * <p>The lake may lie in an object store. Its location holds what it takes to reach the store, and
 * goes to the workers with the transform:
 *
 * <pre>{@code
 * S3Settings store = S3Settings.of(Map.of(S3Settings.REGION, "eu-central-1"));
 * LakeLocation lake = new LakeLocation("s3://shop-lake/lake", store.properties());
 * Map<SourcePartition, OffsetRanges> covered = DeltaIO.covered(lake, "shop/sales");
 * ...
 *         DeltaIO.append(lake, "shop/sales", schema)
 * }</pre>
 *
 * <p><b>Guarantee</b>: exactly once by position, on any runner, for bounded and unbounded input. An
 * element says which run of positions of which source partition it is; whatever comes again, from a
 * retry, a restart without state, an overlapping element or a second pipeline on the same table,
 * adds no row. Two records at one position are taken to be the same record: the first committed
 * stays. There is no order among rows.
 *
 * <p><b>Mechanism</b>: bundles write Parquet files, which are no part of the table yet. They are
 * gathered (all of a bounded input, a while's worth of an unbounded one) and one commit adds them
 * together with a ledger of covered positions, kept as Delta domain metadata in the same version.
 * The commit is decided against the version that it builds on and put only if nobody else put that
 * version; rows at positions that are covered by then are left out. No runner state is needed: a
 * source resumes from {@link #covered}.
 *
 * <p><b>Retries</b>: a conflict with another writer is decided again at once; a failing storage is
 * tried five times. If positions cannot be committed (a written file was deleted, or is older than
 * a day) the commit fails instead of losing them: run the source again from {@link #covered}. Files
 * of failed attempts stay outside the table until they are vacuumed.
 *
 * <p>The table is created with the first commit, has the columns of the schema (see {@link
 * AvroFile} for the types) and must be written by this transform alone, except for OPTIMIZE and
 * VACUUM with a retention of more than a day. The ledger holds one entry for each source partition
 * ever seen.
 */
public final class DeltaIO {
  private DeltaIO() {}

  /**
   * Appends to a table.
   *
   * @param lakeRoot absolute path of a local folder, which need not exist yet
   * @param tablePath the table's folder below it: {@code layer/name}
   * @param schema of the records; flat
   * @throws IllegalArgumentException if a table cannot hold such records; names every field at
   *     fault
   */
  public static Append append(String lakeRoot, String tablePath, Schema schema) {
    return append(LakeLocation.of(lakeRoot), tablePath, schema);
  }

  /**
   * The same for a lake on any storage.
   *
   * @param lake {@code s3://bucket/prefix} with the properties of its store ({@link S3Settings}),
   *     or a folder
   */
  public static Append append(LakeLocation lake, String tablePath, Schema schema) {
    return new Append(new AppendTarget(lake, tablePath, schema, null), Duration.ofSeconds(5));
  }

  /**
   * The positions that a table covers of its sources, by source partition; empty if there is no
   * table yet. Reads the log, no data.
   *
   * @throws LakeException if the log cannot be read
   * @throws CorruptTableException if the table was not made by {@link #append}, or is a copy of one
   *     that was
   */
  public static Map<SourcePartition, OffsetRanges> covered(String lakeRoot, String tablePath) {
    return covered(LakeLocation.of(lakeRoot), tablePath);
  }

  /**
   * The same for a lake on any storage.
   *
   * @param lake as {@link #append(LakeLocation, String, Schema)} takes it
   */
  public static Map<SourcePartition, OffsetRanges> covered(LakeLocation lake, String tablePath) {
    Map<SourcePartition, OffsetRanges> covered = new TreeMap<>();
    KernelTableLog.newestOf(LakeStorage.of(lake), lake.root(), tablePath)
        .map(state -> Ledger.of(tablePath, state))
        .ifPresent(
            ledger ->
                ledger
                    .partitions()
                    .values()
                    .forEach(partition -> covered.put(partition.id(), partition.covered())));
    return covered;
  }

  /** Appends records to one table; see {@link DeltaIO}. */
  public static final class Append extends PTransform<PCollection<PositionedRecords>, PDone> {
    private static final long serialVersionUID = 1L;

    private final AppendTarget target;
    private final Duration every;

    private Append(AppendTarget target, Duration every) {
      this.target = target;
      this.every = every;
    }

    /**
     * Partitions the table by a field, null for no partitioning (the default).
     *
     * @throws IllegalArgumentException if it is no {@code date} of the schema
     */
    public Append partitionedBy(@Nullable String dateField) {
      return new Append(
          new AppendTarget(target.lake(), target.path(), target.schema(), dateField), every);
    }

    /** How long an unbounded input is gathered for one commit; five seconds by default. */
    public Append gatheringFor(Duration duration) {
      if (duration.isNegative() || duration.isZero()) {
        throw new IllegalArgumentException("cannot gather for " + duration);
      }
      return new Append(target, duration);
    }

    /**
     * @throws IllegalArgumentException if the elements' coder is for another schema
     * @throws CorruptTableException if the table that is there has other columns, or was changed by
     *     others
     */
    @Override
    public PDone expand(PCollection<PositionedRecords> records) {
      if (records.getCoder() instanceof PositionedRecordsCoder coder) {
        target.requireSchema(coder.schema());
      }
      target.table().newestIfAny();
      boolean bounded = records.isBounded() == PCollection.IsBounded.BOUNDED;
      records
          .apply("WriteFiles", ParDo.of(new WriteRecordsFn(target)))
          .setCoder(ProposalCoder.of())
          .apply("GatherProposals", new GatherProposals(bounded ? null : every))
          .apply("Commit", ParDo.of(new CommitRecordsFn(target)));
      return PDone.in(records.getPipeline());
    }
  }
}
