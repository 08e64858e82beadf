package clicklake.transforms.dedupe;

import clicklake.transforms.TransformCounters;

/** What was decided since it was last reported. */
final class DedupeCounts {
  private long rows;
  private long conflictingRows;
  private long copies;
  private long conflicts;

  void row(boolean conflicting) {
    rows += conflicting ? 0 : 1;
    conflictingRows += conflicting ? 1 : 0;
  }

  void duplicate(boolean conflict) {
    copies += conflict ? 0 : 1;
    conflicts += conflict ? 1 : 0;
  }

  /** Adds to the counters and begins again; to be called where the runner counts. */
  void report(KnownEvents known) {
    TransformCounters.add(TransformCounters.ROWS, rows);
    TransformCounters.add(TransformCounters.CONFLICTING_ROWS, conflictingRows);
    TransformCounters.add(TransformCounters.COPIES, copies);
    TransformCounters.add(TransformCounters.CONFLICTS, conflicts);
    TransformCounters.add(TransformCounters.IDS_LOADED, known.takeLoadedIds());
    TransformCounters.add(TransformCounters.IDS_FORGOTTEN, known.takeForgottenIds());
    rows = 0;
    conflictingRows = 0;
    copies = 0;
    conflicts = 0;
  }
}
