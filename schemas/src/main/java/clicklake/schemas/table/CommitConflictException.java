package clicklake.schemas.table;

/** Somebody else put the version that this commit wanted to be; look again and decide again. */
public final class CommitConflictException extends LakeException {
  private static final long serialVersionUID = 1L;

  public CommitConflictException(String table, long version) {
    super(table + ": version " + version + " exists already");
  }
}
