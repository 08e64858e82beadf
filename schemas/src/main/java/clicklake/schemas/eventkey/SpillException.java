package clicklake.schemas.eventkey;

/** Event ids that do not fit the heap's share found no room on disk either. */
public final class SpillException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SpillException(String message, Throwable cause) {
    super(message, cause);
  }
}
