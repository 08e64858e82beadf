package clicklake.io.storage;

/** A store answers, and does not give this one object; others it may give. */
public final class ObjectRefusedException extends RemediedException {
  private static final long serialVersionUID = 1L;

  ObjectRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
