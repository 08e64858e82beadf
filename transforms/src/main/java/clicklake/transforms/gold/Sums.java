package clicklake.transforms.gold;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Figures by key, made when they are first asked for.
 *
 * @param <K> the key
 * @param <S> the figures
 */
final class Sums<K, S> {
  private final Mart<K, S> mart;
  private final Map<K, S> byKey = new HashMap<>();
  private @Nullable K lastKey;
  private @Nullable S last;

  Sums(Mart<K, S> mart) {
    this.mart = mart;
  }

  /** The figures of a key, to be added to. */
  S at(K key) {
    // Silver keeps a user's events together: the key is often the one before.
    S sum = last;
    if (sum != null && key.equals(lastKey)) {
      return sum;
    }
    sum = byKey.get(key);
    if (sum == null) {
      sum = mart.empty();
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
  boolean put(K key, S sum) {
    return byKey.putIfAbsent(key, sum) == null;
  }

  /** Number of keys. */
  int size() {
    return byKey.size();
  }

  /** All figures. */
  Map<K, S> all() {
    return byKey;
  }
}
