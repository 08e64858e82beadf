package clicklake.transforms.gold.table;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Figures by key, made when they are first asked for.
 *
 * @param <K> the key
 * @param <S> the figures
 */
public final class Accumulators<K, S> {
  private final Aggregation<K, S> aggregation;
  private final Map<K, S> byKey = new HashMap<>();
  private @Nullable K lastKey;
  private @Nullable S last;

  public Accumulators(Aggregation<K, S> aggregation) {
    this.aggregation = aggregation;
  }

  /** The figures of a key, to be added to. */
  public S at(K key) {
    // Silver keeps a user's events together: the key is often the one before.
    S sum = last;
    if (sum != null && key.equals(lastKey)) {
      return sum;
    }
    sum = byKey.get(key);
    if (sum == null) {
      sum = aggregation.empty();
      byKey.put(key, sum);
    }
    lastKey = key;
    last = sum;
    return sum;
  }

  /**
   * Takes figures of a key that has none yet.
   *
   * @return false if it has some already; then nothing is changed
   */
  public boolean put(K key, S sum) {
    return byKey.putIfAbsent(key, sum) == null;
  }

  /** Number of keys. */
  public int size() {
    return byKey.size();
  }

  /** All figures. */
  public Map<K, S> all() {
    return byKey;
  }
}
