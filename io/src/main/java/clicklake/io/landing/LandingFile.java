package clicklake.io.landing;

import static java.util.Objects.requireNonNull;

import clicklake.schemas.batch.PartitionId;

/**
 * A file as a listing showed it.
 *
 * @param path relative to the landing folder, {@code /} between its parts
 * @param size bytes
 * @param modifiedMillis modification time, milliseconds since 1970; the arrival of its records
 */
record LandingFile(String path, long size, long modifiedMillis) {
  LandingFile {
    requireNonNull(path, "path");
  }

  /** What tells this content of the path from any other. */
  String identity() {
    return "file:" + size + ":" + modifiedMillis;
  }

  PartitionId generation(int number) {
    return new PartitionId(path, number, identity());
  }

  boolean compressed() {
    return path.endsWith(".gz");
  }

  /**
   * Whether a name is one of a landing file: {@code .ndjson}, {@code .jsonl} or {@code .json}, each
   * also {@code .gz}; no part of the path begins with {@code .} or {@code _}.
   */
  static boolean accepts(String path) {
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.charAt(0) == '.' || part.charAt(0) == '_') {
        return false;
      }
    }
    String plain = path.endsWith(".gz") ? path.substring(0, path.length() - 3) : path;
    return plain.endsWith(".ndjson") || plain.endsWith(".jsonl") || plain.endsWith(".json");
  }
}
