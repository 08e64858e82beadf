package clicklake.io.landing.folder;

import static java.util.Objects.requireNonNull;

import clicklake.schemas.offset.SourcePartition;
import java.util.Locale;

/**
 * A file as a listing showed it.
 *
 * @param path relative to the landing folder, {@code /} between its parts
 * @param size bytes
 * @param modifiedMillis modification time, milliseconds since 1970; the arrival of its records
 * @param tag what an object store tells contents apart by; empty where there is none
 */
public record LandingFile(String path, long size, long modifiedMillis, String tag) {
  public LandingFile {
    requireNonNull(path, "path");
    requireNonNull(tag, "tag");
  }

  /** A file of a folder that has no tags. */
  public LandingFile(String path, long size, long modifiedMillis) {
    this(path, size, modifiedMillis, "");
  }

  /** What distinguishes this content of the path from any other. */
  public String identity() {
    return tag.isEmpty() ? untagged() : untagged() + ":" + tag;
  }

  private String untagged() {
    return "file:" + size + ":" + modifiedMillis;
  }

  /**
   * Whether a partition's identity may be this file's: either may be without a tag, as partitions
   * of earlier versions and listings of some stores are.
   */
  public boolean mayBe(String identity) {
    return identity.equals(identity())
        || identity.equals(untagged())
        || tag.isEmpty() && identity.startsWith(untagged() + ":");
  }

  public SourcePartition generation(int number) {
    return new SourcePartition(path, number, identity());
  }

  public Compression compression() {
    return Compression.of(path);
  }

  public boolean compressed() {
    return compression() != Compression.NONE;
  }

  /**
   * Whether a path is one of a landing file: {@code .ndjson}, {@code .jsonl} or {@code .json}, each
   * also {@code .gz}, {@code .zst} or {@code .bz2}, in capitals or not; no part of the path begins
   * with {@code .} or {@code _}.
   */
  static boolean accepts(String path) {
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || hidden(part)) {
        return false;
      }
    }
    return acceptsName(path.substring(path.lastIndexOf('/') + 1));
  }

  /** The same of a name without folders. */
  static boolean acceptsName(String name) {
    if (hidden(name)) {
      return false;
    }
    String ending = name.substring(Math.max(0, name.length() - 16)).toLowerCase(Locale.ROOT);
    String plain = ending.substring(0, ending.length() - Compression.of(name).ending().length());
    return plain.endsWith(".ndjson") || plain.endsWith(".jsonl") || plain.endsWith(".json");
  }

  /** Whether a name says that a file or folder is not for readers. */
  static boolean hidden(String name) {
    return name.startsWith(".") || name.startsWith("_");
  }
}
