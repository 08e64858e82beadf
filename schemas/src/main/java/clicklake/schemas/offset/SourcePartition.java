package clicklake.schemas.offset;

import static java.util.Objects.requireNonNull;

/**
 * One partition of a source, as ledgers know it.
 *
 * <p>{@code source} and {@code number} are what the tables show as {@code _source} and {@code
 * _partition}: a topic and its partition, or a landing file's path and the generation of that path.
 * {@code identity} says which thing of that name is meant: cluster and topic id of a topic, size
 * and modification time of a file, and the ETag of an object. Two partitions of one name and number
 * but of different identity never mix in a table.
 *
 * @param source topic, or path relative to the landing folder
 * @param number Kafka partition, or generation of the path, from 0
 * @param identity {@code kafka:<cluster id>:<topic id>} or {@code file:<size>:<mtime millis>}, and
 *     {@code :<ETag>} of an object in a store
 */
public record SourcePartition(String source, int number, String identity)
    implements Comparable<SourcePartition> {

  public SourcePartition {
    requireNonNull(source, "source");
    requireNonNull(identity, "identity");
    if (number < 0) {
      throw new IllegalArgumentException("negative partition number " + number + " of " + source);
    }
  }

  /** The partition's name within one table: {@code source/number}. */
  public String name() {
    return source + "/" + number;
  }

  @Override
  public int compareTo(SourcePartition other) {
    int bySource = source.compareTo(other.source);
    if (bySource != 0) {
      return bySource;
    }
    int byNumber = Integer.compare(number, other.number);
    return byNumber != 0 ? byNumber : identity.compareTo(other.identity);
  }

  /** The name, for one line of a message. */
  @Override
  public String toString() {
    return OneLine.of(name());
  }
}
