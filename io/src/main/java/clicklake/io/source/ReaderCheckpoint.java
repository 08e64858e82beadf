package clicklake.io.source;

import static java.util.Objects.requireNonNull;

import clicklake.schemas.offset.SourcePartition;
import java.util.Map;
import java.util.UUID;
import org.apache.beam.sdk.io.UnboundedSource;

/**
 * Where a reader stood when the runner asked: a shortcut, never trusted above the lake. The lake is
 * the checkpoint.
 *
 * <p>A checkpoint of the running process is taken as it is: what lies between the lake and the
 * checkpoint is still in flight in this process (the DirectRunner reopens readers all the time). Of
 * another process's checkpoint and the lake's {@code next} the lower position counts.
 *
 * @param run the process that made the checkpoint
 * @param positions per partition, where the last batch handed out ended
 */
public record ReaderCheckpoint(String run, Map<SourcePartition, Position> positions)
    implements UnboundedSource.CheckpointMark {

  /** Identity of this process: a fresh one for every start of the JVM. */
  static final String THIS_RUN = UUID.randomUUID().toString();

  /**
   * A place in a partition.
   *
   * @param next one past the last position handed out
   * @param byteAt for a file, where that line begins; -1 if not known
   * @param ended whether the partition's end was handed out
   * @param seenVersion for a file, bronze's version when the file was found to be neither finished
   *     nor retired; -1 if there was no table, or for other partitions
   */
  public record Position(long next, long byteAt, boolean ended, long seenVersion) {
    public static Position at(long next) {
      return new Position(next, -1, false, -1);
    }
  }

  public ReaderCheckpoint {
    requireNonNull(run, "run");
    positions = Map.copyOf(positions);
  }

  /** A checkpoint of this process. */
  static ReaderCheckpoint of(Map<SourcePartition, Position> positions) {
    return new ReaderCheckpoint(THIS_RUN, positions);
  }

  /** Whether this very process made the checkpoint. */
  public boolean ofThisRun() {
    return run.equals(THIS_RUN);
  }

  /** Nothing to do: the lake's commits make the reading final. */
  @Override
  public void finalizeCheckpoint() {}
}
