package clicklake.schemas.table;

/**
 * A table is not as its ledger says, or not one of ours: going on would lose or double events. The
 * job stops; the message says what to do.
 */
public final class CorruptTableException extends LakeException {
  private static final long serialVersionUID = 1L;

  public CorruptTableException(String message) {
    super(message);
  }

  public CorruptTableException(String message, Throwable cause) {
    super(message, cause);
  }
}
