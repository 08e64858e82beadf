package clicklake.io.delta;

/** Somebody else put the version that this commit wanted to be; look again and decide again. */
final class CommitConflict extends LakeException {
  private static final long serialVersionUID = 1L;

  CommitConflict(String table, long version) {
    super(table + ": version " + version + " exists already");
  }
}
