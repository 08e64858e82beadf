package clicklake.io.commit;

/**
 * What one look of the committer added to the lake.
 *
 * @param records rows added to bronze
 * @param events rows added to silver
 * @param rejects records decided as refused
 * @param duplicates records decided as duplicates, conflicts included
 * @param conflicts duplicates with other content than the event they repeat
 * @param deferred duplicates left undecided because their original is not durable yet
 */
public record CommitReport(
    long records, long events, long rejects, long duplicates, long conflicts, long deferred) {

  /** Nothing added. */
  public static final CommitReport NOTHING = new CommitReport(0, 0, 0, 0, 0, 0);

  /** Sums; {@code deferred} is the other's, being the later. */
  public CommitReport plus(CommitReport later) {
    return new CommitReport(
        records + later.records,
        events + later.events,
        rejects + later.rejects,
        duplicates + later.duplicates,
        conflicts + later.conflicts,
        later.deferred);
  }
}
