package clicklake.io.audit;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.table.Feed;
import clicklake.schemas.table.TableFiles.RowFacts;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The rows of a lake's {@link Feed#EVENTS} one after the other, none of them kept. */
public interface AuditReader {

  /** Shows position and value of every record of a bronze file. */
  void records(DataFile file, RecordVisitor visitor);

  /** Shows position and event of every row of a silver file. */
  void events(DataFile file, Consumer<RowFacts> visitor);

  /** Shows the position of every row of a quarantine file, published or not. */
  void rejects(DataFile file, Consumer<RowFacts> visitor);

  /** Is shown records. */
  @FunctionalInterface
  interface RecordVisitor {
    /**
     * Shows a record.
     *
     * @param value decoded only if asked for; good during the call
     */
    void record(String source, int partition, long offset, long arrivalMicros, Value value);
  }

  /** A record's bytes, on request. */
  @FunctionalInterface
  interface Value {
    byte @Nullable [] bytes();
  }

  /** The rows of a lake's Parquet files. */
  static AuditReader of(LakeLocation lake) {
    return new ParquetAuditReader(lake);
  }
}
