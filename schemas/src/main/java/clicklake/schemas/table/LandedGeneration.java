package clicklake.schemas.table;

import clicklake.schemas.offset.SourcePartition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
 * <p>It is kept beside the rows, in Parquet's own place for remarks.
 *
 * @param path hash of its path
 * @param number of the generation
 * @param modifiedMillis modification time
 * @param size bytes; -1 if not known
 */
public record LandedGeneration(long path, int number, long modifiedMillis, long size) {
  /** The remark of a Parquet file that lists its landing files. */
  private static final String REMARK = "clicklake.landed";

  private static final int BYTES = Long.BYTES + Integer.BYTES + Long.BYTES + Long.BYTES;

  /** What stands for a path. */
  public static long hash(String path) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(path.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The remark of a file with rows of these partitions. */
  public static Map<String, String> remark(Collection<SourcePartition> partitions) {
    ByteBuffer bytes = ByteBuffer.allocate(partitions.size() * BYTES);
    for (SourcePartition partition : partitions) {
      String[] identity = partition.identity().split(":", -1);
      if (identity.length == 3 && identity[0].equals("file")) {
        bytes
            .putLong(hash(partition.source()))
            .putInt(partition.number())
            .putLong(Long.parseLong(identity[2]))
            .putLong(Long.parseLong(identity[1]));
      }
    }
    return Map.of(
        REMARK, Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), bytes.position())));
  }

  /** The part of a file's remarks that a copy of its rows has to carry on. */
  public static Map<String, String> carriedOn(Map<String, String> remarks) {
    String remark = remarks.get(REMARK);
    return remark == null ? Map.of() : Map.of(REMARK, remark);
  }

  /** What a file's remarks say; null if they say nothing, and its rows have to be read. */
  public static @Nullable List<LandedGeneration> of(Map<String, String> remarks) {
    String remark = remarks.get(REMARK);
    if (remark == null) {
      return null;
    }
    ByteBuffer bytes;
    try {
      bytes = ByteBuffer.wrap(Base64.getDecoder().decode(remark));
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
