package clicklake.io.commit;

/**
 * What one look of the committer added to the lake, and the versions that hold it.
 *
 * @param records rows added to bronze
 * @param events rows added to silver
 * @param rejects records decided as refused
 * @param duplicates records decided as duplicates, conflicts included
 * @param conflicts duplicates with other content than the event they repeat
 * @param deferred duplicates left undecided because their original is not durable yet
 * @param bronzeVersion the version of bronze that was put, or that held everything already; -1 if
 *     no bronze was asked
 * @param silverVersion the same of silver
 */
public record CommitReport(
    long records,
    long events,
    long rejects,
    long duplicates,
    long conflicts,
    long deferred,
    long bronzeVersion,
    long silverVersion) {

  /** Nothing added. */
  public static final CommitReport NOTHING = new CommitReport(0, 0, 0, 0, 0, 0);

  /** What was added to a table, of which only the committer of a lake knows which it is. */
  CommitReport(
      long records, long events, long rejects, long duplicates, long conflicts, long deferred) {
    this(records, events, rejects, duplicates, conflicts, deferred, -1, -1);
  }

  /** The same, in these versions. */
  CommitReport in(long bronze, long silver) {
    return new CommitReport(
        records, events, rejects, duplicates, conflicts, deferred, bronze, silver);
  }

  /** Sums; {@code deferred} is the other's, being the later, and each version the newer. */
  public CommitReport plus(CommitReport later) {
    return new CommitReport(
        records + later.records,
        events + later.events,
        rejects + later.rejects,
        duplicates + later.duplicates,
        conflicts + later.conflicts,
        later.deferred,
        Math.max(bronzeVersion, later.bronzeVersion),
        Math.max(silverVersion, later.silverVersion));
  }
}
