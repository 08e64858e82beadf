package clicklake.io.source;

import java.io.Serializable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One of the equal parts that an endless source is cut into; each partition belongs to one of them.
 *
 * @param source a name that no other source has, in any process
 * @param number from 0
 * @param of how many splits the source has
 */
public record Split(String source, int number, int of) implements Serializable {
  private static final AtomicLong LAST = new AtomicLong();

  /** A new source in one piece. */
  public static Split whole(String kind) {
    return new Split(kind + "-" + ReaderCheckpoint.THIS_RUN + "-" + LAST.incrementAndGet(), 0, 1);
  }

  /** The source of this in so many pieces. */
  Stream<Split> into(int count) {
    return IntStream.range(0, count).mapToObj(piece -> new Split(source, piece, count));
  }

  /** Whether a partition is this split's, by its number or the hash of its name. */
  boolean owns(int partition) {
    return Math.floorMod(partition, of) == number;
  }

  /** Unique within the process, and the same for every reader of the split. */
  @Override
  public String toString() {
    return source + "/" + number + "/" + of;
  }
}
