package clicklake.transforms.gold.refresh;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.DataFileCoder;
import clicklake.schemas.lake.PartitionFiles;
import clicklake.schemas.lake.TableReaders;
import clicklake.transforms.TransformCounters;
import clicklake.transforms.gold.plan.Aggregations;
import clicklake.transforms.gold.plan.InputSplit;
import clicklake.transforms.gold.plan.Part;
import clicklake.transforms.gold.plan.PartCoder;
import clicklake.transforms.gold.plan.RefreshSpec;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Turns files of silver and existing files of gold tables into new files of gold tables, by the
 * path of the table. Nothing is committed.
 *
 * <pre>
 * inputs ─► AccumulateRows ─┬─ parts ─► MergeParts ─┬─ derived rows ─┐
 *                           ├─ parts of derived tables ──────────────┴─► MergeDerivedParts ─► files
 *                           └─ appended files         └─ files
 * </pre>
 *
 * <p>Counts the rows that it reads and writes. Bounded. A retry of any step leaves stray files at
 * most. What the tables hold depends neither on how inputs are split nor on the order in which
 * anything arrives.
 */
public final class ComputeFiles
    extends PTransform<PCollection<InputSplit>, PCollection<KV<String, DataFile>>> {
  private static final long serialVersionUID = 1L;
  private static final Coder<KV<Part, byte[]>> ROWS =
      KvCoder.of(PartCoder.of(), ByteArrayCoder.of());
  private static final Coder<KV<String, DataFile>> FILE =
      KvCoder.of(StringUtf8Coder.of(), DataFileCoder.of());

  private final Aggregations aggregations;
  private final RefreshSpec spec;
  private final TableReaders tables;
  private final PartitionFiles files;

  /**
   * @param tables reads silver and gold
   * @param files writes gold
   */
  public ComputeFiles(
      Aggregations aggregations, RefreshSpec spec, TableReaders tables, PartitionFiles files) {
    this.aggregations = aggregations;
    this.spec = spec;
    this.tables = tables;
    this.files = files;
  }

  @Override
  public PCollection<KV<String, DataFile>> expand(PCollection<InputSplit> inputs) {
    TupleTag<KV<Part, byte[]>> parts = new TupleTag<>() {};
    TupleTag<KV<Part, byte[]>> derived = new TupleTag<>() {};
    TupleTag<KV<String, DataFile>> written = new TupleTag<>() {};

    PCollectionTuple summed =
        inputs.apply(
            "AccumulateRows",
            ParDo.of(new AccumulateFn(this, parts, derived, written))
                .withOutputTags(parts, TupleTagList.of(derived).and(written)));
    PCollectionTuple merged =
        summed
            .get(parts)
            .setCoder(ROWS)
            .apply("GroupByPart", GroupByKey.create())
            .apply(
                "MergeParts",
                ParDo.of(new MergeFn(this, derived, written))
                    .withOutputTags(derived, TupleTagList.of(written)));
    PCollectionTuple mergedDerived =
        PCollectionList.of(summed.get(derived).setCoder(ROWS))
            .and(merged.get(derived).setCoder(ROWS))
            .apply("DerivedRows", Flatten.pCollections())
            .apply("GroupByDerivedPart", GroupByKey.create())
            .apply(
                "MergeDerivedParts",
                ParDo.of(new MergeFn(this, derived, written))
                    .withOutputTags(derived, TupleTagList.of(written)));
    mergedDerived.get(derived).setCoder(ROWS);
    return PCollectionList.of(summed.get(written).setCoder(FILE))
        .and(merged.get(written).setCoder(FILE))
        .and(mergedDerived.get(written).setCoder(FILE))
        .apply("Files", Flatten.pCollections());
  }

  private static void output(
      String table, DataFile file, DoFn.OutputReceiver<KV<String, DataFile>> written) {
    TransformCounters.add(TransformCounters.ROWS_WRITTEN, file.rows());
    written.output(KV.of(table, file));
  }

  private static final class AccumulateFn extends DoFn<InputSplit, KV<Part, byte[]>> {
    private static final long serialVersionUID = 1L;

    private final ComputeFiles refresh;
    private final TupleTag<KV<Part, byte[]>> parts;
    private final TupleTag<KV<Part, byte[]>> derived;
    private final TupleTag<KV<String, DataFile>> written;

    AccumulateFn(
        ComputeFiles refresh,
        TupleTag<KV<Part, byte[]>> parts,
        TupleTag<KV<Part, byte[]>> derived,
        TupleTag<KV<String, DataFile>> written) {
      this.refresh = refresh;
      this.parts = parts;
      this.derived = derived;
      this.written = written;
    }

    @ProcessElement
    public void process(@Element InputSplit input, MultiOutputReceiver out) {
      AccumulateRows rows =
          new AccumulateRows(refresh.aggregations, refresh.spec, refresh.tables, refresh.files);
      Map<String, List<DataFile>> appended =
          rows.read(
              input,
              (part, encoded) ->
                  out.get(refresh.aggregations.isDerived(part.aggregation()) ? derived : parts)
                      .output(KV.of(part, encoded)));
      appended.forEach(
          (table, added) -> added.forEach(file -> output(table, file, out.get(written))));
      TransformCounters.add(TransformCounters.ROWS_READ, rows.rowsRead());
    }
  }

  private static final class MergeFn extends DoFn<KV<Part, Iterable<byte[]>>, KV<Part, byte[]>> {
    private static final long serialVersionUID = 1L;

    private final ComputeFiles refresh;
    private final TupleTag<KV<Part, byte[]>> derived;
    private final TupleTag<KV<String, DataFile>> written;

    MergeFn(
        ComputeFiles refresh,
        TupleTag<KV<Part, byte[]>> derived,
        TupleTag<KV<String, DataFile>> written) {
      this.refresh = refresh;
      this.derived = derived;
      this.written = written;
    }

    @ProcessElement
    public void process(@Element KV<Part, Iterable<byte[]>> rows, MultiOutputReceiver out) {
      Part part = rows.getKey();
      PartMerger merger =
          new PartMerger(refresh.aggregations, refresh.spec, refresh.tables, refresh.files);
      merger
          .merge(part, rows.getValue(), (to, more) -> out.get(derived).output(KV.of(to, more)))
          .ifPresent(file -> output(refresh.aggregations.path(part), file, out.get(written)));
      TransformCounters.add(TransformCounters.ROWS_READ, merger.rowsRead());
    }
  }
}
