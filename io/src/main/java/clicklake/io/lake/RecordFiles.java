package clicklake.io.lake;

import clicklake.schemas.batch.Proposal;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.lake.LakeWriters;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.Feed;
import clicklake.schemas.table.LandedGeneration;
import clicklake.schemas.table.TableSchema;
import java.util.Map;

/** Files of records as received; bronze has the same columns in every feed. */
final class RecordFiles extends BundleFiles implements LakeWriters.Records {
  private static final RecordColumns COLUMNS = RecordColumns.of(Feed.EVENTS.bronze());

  private final SourceNames sources = new SourceNames();
  private boolean seenAny;

  RecordFiles(Settings settings, TableSchema bronze) {
    super(settings, Proposal.Kind.RECORDS, bronze);
  }

  @Override
  Map<String, String> metadata(OpenFile file) {
    return LandedGeneration.metadata(file.covered.partitions());
  }

  @Override
  public void write(SourcePartition partition, RawBatch.Cursor record) {
    long day = Arrivals.ingestDay(record.arrivalMillis());
    OpenFile file = fileIfOpen(day);
    if (file == null) {
      record.copyTo(beginWaiting(day, partition));
      endWaiting();
    } else {
      write(file, partition, record);
    }
  }

  @Override
  void write(OpenFile file, SourcePartition partition, byte[] array, int at) {
    write(file, partition, RawBatch.copyAt(partition, array, at));
  }

  private void write(OpenFile file, SourcePartition partition, RawBatch.Cursor record) {
    COLUMNS.put(file.rows, sources.of(partition.source()), partition.number(), record);
    file.rows.endRow();
    file.covered.row(partition, record.offset());
  }

  @Override
  public void seen(long version) {
    asOf = seenAny ? Math.min(asOf, version) : version;
    seenAny = true;
  }
}
