package clicklake.io.lake;

/**
 * Sums over a lake, from its ledgers.
 *
 * @param bronze records received
 * @param silver unique events
 * @param rejects records refused
 * @param duplicates records that repeat an event, conflicts included
 * @param conflicts duplicates with other content than the event they repeat
 */
public record LakeCounts(long bronze, long silver, long rejects, long duplicates, long conflicts) {

  /** An empty lake. */
  public static final LakeCounts NOTHING = new LakeCounts(0, 0, 0, 0, 0);

  LakeCounts withBronze(long records) {
    return new LakeCounts(records, silver, rejects, duplicates, conflicts);
  }

  LakeCounts withSilver(long events, long refused, long copies, long differing) {
    return new LakeCounts(bronze, events, refused, copies, differing);
  }

  /** Records that silver has decided on: row, reject or duplicate. */
  public long decided() {
    return silver + rejects + duplicates;
  }

  /** What has come since an earlier look. */
  public LakeCounts since(LakeCounts earlier) {
    return new LakeCounts(
        bronze - earlier.bronze,
        silver - earlier.silver,
        rejects - earlier.rejects,
        duplicates - earlier.duplicates,
        conflicts - earlier.conflicts);
  }
}
