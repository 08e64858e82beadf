package clicklake.schemas.batch;

/** Event ids that do not fit the heap's share found no room on disk either. */
public final class KeySpaceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public KeySpaceException(String message, Throwable cause) {
    super(message, cause);
  }
}
