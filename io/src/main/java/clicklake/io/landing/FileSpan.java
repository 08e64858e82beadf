package clicklake.io.landing;

import static java.util.Objects.requireNonNull;

import clicklake.io.landing.folder.LandingFile;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.offset.SourcePartition;

/**
 * A stretch of a landing file that is to be read.
 *
 * @param file the file, as listed
 * @param partition its generation
 * @param fromLine first line wanted
 * @param atLine index of the line that begins at {@code fromByte}; not above {@code fromLine}
 * @param fromByte where reading begins; 0 in a compressed file
 * @param toByte where it ends: the file's size, or just after an LF
 * @param seen what the lake covered of the file
 */
record FileSpan(
    LandingFile file,
    SourcePartition partition,
    long fromLine,
    long atLine,
    long fromByte,
    long toByte,
    RawBatch.Seen seen) {

  FileSpan {
    requireNonNull(file, "file");
    requireNonNull(partition, "partition");
    requireNonNull(seen, "seen");
  }

  /** The file from a line on, to its end. */
  static FileSpan from(
      LandingFile file, SourcePartition partition, long fromLine, RawBatch.Seen seen) {
    return new FileSpan(file, partition, fromLine, 0, 0, file.size(), seen);
  }

  /** The same bytes, as the lake knows the file now. */
  FileSpan seenAs(SourcePartition now, long next, RawBatch.Seen covered) {
    return new FileSpan(file, now, Math.max(atLine, next), atLine, fromByte, toByte, covered);
  }

  /** Whether the span goes to the end of the file. */
  boolean toEnd() {
    return toByte == file.size();
  }
}
