package clicklake.io.ledger;

import clicklake.schemas.offset.OffsetRanges;
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
public final class GrowingRanges {
  private final List<OffsetRanges> layers = new ArrayList<>();

  public GrowingRanges(OffsetRanges first) {
    addAll(first);
  }

  public void addAll(OffsetRanges more) {
    OffsetRanges top = more;
    while (!layers.isEmpty() && last().runCount() <= 2L * top.runCount()) {
      top = layers.remove(layers.size() - 1).union(top);
    }
    if (!top.isEmpty()) {
      layers.add(top);
    }
  }

  private OffsetRanges last() {
    return layers.get(layers.size() - 1);
  }

  public boolean contains(long offset) {
    for (OffsetRanges layer : layers) {
      if (layer.contains(offset)) {
        return true;
      }
    }
    return false;
  }

  public boolean containsAll(OffsetRanges others) {
    OffsetRanges left = others;
    for (OffsetRanges layer : layers) {
      left = left.minus(layer);
    }
    return left.isEmpty();
  }

  public OffsetRanges intersection(OffsetRanges others) {
    OffsetRanges found = OffsetRanges.empty();
    for (OffsetRanges layer : layers) {
      found = found.union(layer.intersection(others));
    }
    return found;
  }

  /** All offsets as one set. */
  public OffsetRanges all() {
    OffsetRanges all = OffsetRanges.empty();
    for (int i = layers.size() - 1; i >= 0; i--) {
      all = all.union(layers.get(i));
    }
    layers.clear();
    addAll(all);
    return all;
  }
}
