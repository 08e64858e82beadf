package clicklake.transforms.gold.table;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Accumulators by key, created when they are first asked for.
 *
 * @param <K> the key
 * @param <S> the accumulator
 */
public final class Accumulators<K, S> {
  private final Aggregation<K, S> aggregation;
  private final Map<K, S> byKey = new HashMap<>();
  private @Nullable K lastKey;
  private @Nullable S last;

  public Accumulators(Aggregation<K, S> aggregation) {
    this.aggregation = aggregation;
  }

  /** The accumulator of a key. */
  public S at(K key) {
    // Silver keeps a user's events together: the key is often the one before.
    S accumulator = last;
    if (accumulator != null && key.equals(lastKey)) {
      return accumulator;
    }
    accumulator = byKey.get(key);
    if (accumulator == null) {
      accumulator = aggregation.createAccumulator();
      byKey.put(key, accumulator);
    }
    lastKey = key;
    last = accumulator;
    return accumulator;
  }

  /**
   * Takes the accumulator of a key that has none yet.
   *
   * @return false if the key has one already; then nothing is changed
   */
  public boolean put(K key, S accumulator) {
    return byKey.putIfAbsent(key, accumulator) == null;
  }

  /** Number of keys. */
  public int size() {
    return byKey.size();
  }

  /** All accumulators. */
  public Map<K, S> all() {
    return byKey;
  }
}
