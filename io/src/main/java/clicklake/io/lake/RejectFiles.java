package clicklake.io.lake;

import static java.nio.charset.StandardCharsets.UTF_8;

import clicklake.io.parquet.RowWriter;
import clicklake.schemas.batch.Bytes;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.contract.Reject;
import clicklake.schemas.contract.RejectReason;
import clicklake.schemas.lake.LakeWriters;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.Feed;
import clicklake.schemas.table.TableSchema;
import java.util.EnumMap;
import java.util.Map;

/** Files of refused records; quarantine has the same columns in every feed. */
final class RejectFiles extends BundleFiles implements LakeWriters.Rejects {
  private static final RejectReason[] REJECT_REASONS = RejectReason.values();
  private static final Map<RejectReason, byte[]> REASONS = new EnumMap<>(RejectReason.class);

  static {
    for (RejectReason reason : REJECT_REASONS) {
      REASONS.put(reason, reason.code().getBytes(UTF_8));
    }
  }

  private static final TableSchema TABLE = Feed.EVENTS.quarantine();
  private static final RecordColumns COLUMNS = RecordColumns.of(TABLE);
  private static final int REASON = TABLE.index("reason");
  private static final int FIELD = TABLE.index("field");
  private static final int DETAIL = TABLE.index("detail");
  private static final int STAGE = TABLE.index("stage");
  private static final int PROCESSOR_VERSION = TABLE.index("processor_version");

  private final SourceNames sources = new SourceNames();
  private final byte[] stage = "parse".getBytes(UTF_8);
  private final byte[] processor;
  private final SourceNames fields = new SourceNames();

  /**
   * @param processorVersion parser version and settings
   */
  RejectFiles(Settings settings, TableSchema quarantine, String processorVersion) {
    super(settings, Proposal.Kind.REJECTS, quarantine);
    processor = processorVersion.getBytes(UTF_8);
  }

  @Override
  public void write(SourcePartition partition, RawBatch.Cursor record, Reject reject) {
    long day = Arrivals.ingestDay(record.arrivalMillis());
    OpenFile file = fileIfOpen(day);
    if (file != null) {
      write(file, partition, record, reject);
      return;
    }
    Bytes row = beginWaiting(day, partition);
    String field = reject.field();
    row.putInt(reject.reason().ordinal());
    putText(row, field == null ? "" : field);
    putText(row, reject.detail());
    record.copyTo(row);
    endWaiting();
  }

  private static void putText(Bytes row, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    row.putSlice(bytes, 0, bytes.length);
  }

  @Override
  void write(OpenFile file, SourcePartition partition, byte[] array, int at) {
    Bytes.Reader row = new Bytes.Reader(array, at + Integer.BYTES);
    String field = text(row);
    String detail = text(row);
    Reject reject =
        new Reject(REJECT_REASONS[Bytes.intAt(array, at)], field.isEmpty() ? null : field, detail);
    write(file, partition, RawBatch.copyAt(partition, array, row.position()), reject);
  }

  private static String text(Bytes.Reader row) {
    return new String(row.readBytes((int) row.readVarint()), UTF_8);
  }

  private void write(
      OpenFile file, SourcePartition partition, RawBatch.Cursor record, Reject reject) {
    RowWriter rows = file.rows;
    COLUMNS.put(rows, sources.of(partition.source()), partition.number(), record);
    rows.putBytes(REASON, REASONS.get(reject.reason()));
    String field = reject.field();
    if (field == null) {
      rows.putNull(FIELD);
    } else {
      rows.putBytes(FIELD, fields.of(field));
    }
    rows.putBytes(DETAIL, reject.detail().getBytes(UTF_8));
    rows.putBytes(STAGE, stage);
    rows.putBytes(PROCESSOR_VERSION, processor);
    rows.endRow();
    file.covered.row(partition, record.offset());
  }
}
