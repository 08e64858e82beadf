package clicklake.io.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;

import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.batch.EventRow;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.contract.Action;
import clicklake.schemas.contract.TextField;
import clicklake.schemas.offset.SourcePartition;

/** Rows for tests of files. */
public final class TestRows {
  public static final SourcePartition CLICKS_0 = new SourcePartition("clicks", 0, "kafka:c:t");
  public static final SourcePartition CLICKS_1 = new SourcePartition("clicks", 1, "kafka:c:t");

  /** 2026-05-01T12:00:00Z. */
  public static final long NOON = 1_777_636_800_000L;

  private TestRows() {}

  /** An event that has only what is required. */
  public static EventRow event(long id, long micros) {
    EventRow row = new EventRow();
    row.id(0x0123456789abcdefL, id);
    row.schemaVersion(1);
    row.eventMicros(micros);
    row.action(Action.CLICK);
    text(row, TextField.USER_ID, "user" + id);
    text(row, TextField.PAGE, "/home");
    return row;
  }

  public static void text(EventRow row, TextField field, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    row.text(field, bytes, 0, bytes.length);
  }

  public static EventBatch.Builder events() {
    return new EventBatch.Builder(1024);
  }

  /** Records of consecutive offsets. */
  public static RawBatch records(
      SourcePartition partition, long from, long arrivalMillis, String... values) {
    RawBatch.Builder builder = new RawBatch.Builder(partition, from);
    for (int i = 0; i < values.length; i++) {
      builder.add(from + i, arrivalMillis, null, null, UTF_8.encode(values[i]));
    }
    return builder.build(from + values.length, RawBatch.Seen.NOTHING);
  }
}
