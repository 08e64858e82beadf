package clicklake.schemas.table;

import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.offset.SourcePartition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A generation of a landing file, as a file of bronze remembers that it has rows of it.
 *
 * <p>It is kept in the Parquet file's key-value metadata.
 *
 * @param path hash of its path
 * @param number of the generation
 * @param modifiedMillis modification time
 * @param size bytes; -1 if not known
 */
public record LandedGeneration(long path, int number, long modifiedMillis, long size) {
  /** Key of the metadata that lists a file's landing files. */
  private static final String KEY = "clicklake.landed";

  private static final int BYTES = Long.BYTES + Integer.BYTES + Long.BYTES + Long.BYTES;

  /** What stands for a path. */
  public static long hash(String path) {
    return ByteBuffer.wrap(RawBatch.sha256().digest(path.getBytes(StandardCharsets.UTF_8)))
        .getLong();
  }

  /** The metadata of a file with rows of these partitions. */
  public static Map<String, String> metadata(Collection<SourcePartition> partitions) {
    ByteBuffer bytes = ByteBuffer.allocate(partitions.size() * BYTES);
    for (SourcePartition partition : partitions) {
      // An ETag may follow: a generation of the same size and time has long been found by it.
      String[] identity = partition.identity().split(":", 4);
      if (identity.length >= 3 && identity[0].equals("file")) {
        bytes
            .putLong(hash(partition.source()))
            .putInt(partition.number())
            .putLong(Long.parseLong(identity[2]))
            .putLong(Long.parseLong(identity[1]));
      }
    }
    return Map.of(
        KEY, Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), bytes.position())));
  }

  /** The part of a file's metadata that a copy of its rows has to carry on. */
  public static Map<String, String> carriedOn(Map<String, String> metadata) {
    String landed = metadata.get(KEY);
    return landed == null ? Map.of() : Map.of(KEY, landed);
  }

  /** What a file's metadata says; null if it says nothing, and the rows have to be read. */
  public static @Nullable List<LandedGeneration> of(Map<String, String> metadata) {
    String text = metadata.get(KEY);
    if (text == null) {
      return null;
    }
    ByteBuffer bytes;
    try {
      bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException notOurs) {
      return null;
    }
    List<LandedGeneration> landed = new ArrayList<>();
    while (bytes.remaining() >= BYTES) {
      landed.add(
          new LandedGeneration(bytes.getLong(), bytes.getInt(), bytes.getLong(), bytes.getLong()));
    }
    return landed;
  }
}
