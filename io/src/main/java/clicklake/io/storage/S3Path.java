package clicklake.io.storage;

/**
 * An object of a bucket, or a prefix of some.
 *
 * @param bucket the bucket's name
 * @param key the object's key; may be empty
 */
record S3Path(String bucket, String key) {
  static final String SCHEME = "s3://";

  /**
   * The place of an {@code s3://bucket/key}. Keys are taken as they are, without any decoding.
   *
   * @throws IllegalArgumentException if it is none
   */
  static S3Path of(String path) {
    if (!path.startsWith(SCHEME)) {
      throw new IllegalArgumentException(path + " is not s3://bucket/key");
    }
    int slash = path.indexOf('/', SCHEME.length());
    String bucket = slash < 0 ? path.substring(SCHEME.length()) : path.substring(5, slash);
    if (bucket.isEmpty()) {
      throw new IllegalArgumentException(path + " names no bucket");
    }
    return new S3Path(bucket, slash < 0 ? "" : path.substring(slash + 1));
  }

  /** The key up to and with its last slash. */
  String folder() {
    return key.substring(0, key.lastIndexOf('/') + 1);
  }

  S3Path withKey(String other) {
    return new S3Path(bucket, other);
  }

  @Override
  public String toString() {
    return SCHEME + bucket + "/" + key;
  }
}
