package clicklake.io.delta;

import clicklake.schemas.batch.DataFile;
import java.util.ArrayList;
import java.util.List;

/**
 * Proposals of this process for one lake that have to wait: rows whose records bronze does not have
 * yet, duplicates whose original is not durable yet. All committers of the process share them, for
 * what they wait for may come to any of them, and be the last that comes for a long time.
 *
 * <p>A committer holds this object's monitor from taking them until it has put back what still
 * waits; otherwise another could commit in between what these wait for, and not see them.
 */
final class HeldProposals {
  private List<DataFile> files = new ArrayList<>();

  /** All of them, which are nobody's then. */
  synchronized List<DataFile> takeAll() {
    List<DataFile> taken = files;
    files = new ArrayList<>();
    return taken;
  }

  synchronized void keep(List<DataFile> waiting) {
    files.addAll(waiting);
  }
}
