package clicklake.io.delta;

import clicklake.schemas.batch.Runs;
import java.util.ArrayList;
import java.util.List;

/**
 * A set of offsets that grows by many small sets, as coverage does while a committer looks at one
 * file after the other.
 *
 * <p>Kept as layers, each more than twice as long as the next: a small set is merged with others of
 * its size before it is merged with large ones. So adding costs a logarithm of the number of runs
 * for each run, where adding to one set of them would copy all of it for each file.
 */
final class GrowingRuns {
  private final List<Runs> layers = new ArrayList<>();

  GrowingRuns(Runs first) {
    addAll(first);
  }

  void addAll(Runs more) {
    Runs top = more;
    while (!layers.isEmpty() && last().runCount() <= 2L * top.runCount()) {
      top = layers.remove(layers.size() - 1).union(top);
    }
    if (!top.isEmpty()) {
      layers.add(top);
    }
  }

  private Runs last() {
    return layers.get(layers.size() - 1);
  }

  boolean contains(long offset) {
    for (Runs layer : layers) {
      if (layer.contains(offset)) {
        return true;
      }
    }
    return false;
  }

  boolean containsAll(Runs others) {
    Runs left = others;
    for (Runs layer : layers) {
      left = left.minus(layer);
    }
    return left.isEmpty();
  }

  Runs intersection(Runs others) {
    Runs found = Runs.empty();
    for (Runs layer : layers) {
      found = found.union(layer.intersection(others));
    }
    return found;
  }

  /** All offsets as one set. */
  Runs all() {
    Runs all = Runs.empty();
    for (int i = layers.size() - 1; i >= 0; i--) {
      all = all.union(layers.get(i));
    }
    layers.clear();
    addAll(all);
    return all;
  }
}
