package clicklake.schemas.lake;

import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Values that all users in a process share, by key, and that end when nobody uses them any more.
 *
 * <p>Whoever holds a value uses it. Who wants it to stay holds it in a field; who asks each time
 * may get a new one when memory is short. Nobody has to give it back: runners drop their functions
 * and readers in more ways than they tell. A value that nobody holds is found again by the next
 * user as long as the memory is not needed for something else; so it outlives the short time
 * between two bundles, readers or rounds, but not the job. Safe for use by several threads.
 *
 * @param <K> what values are found by; all that a value was made from must be in it
 * @param <V> the values
 */
public final class SharedUntilUnused<K, V> {
  private final Map<K, SoftReference<V>> values = new HashMap<>();
  private final Function<V, SoftReference<V>> keeping;

  public SharedUntilUnused() {
    this(SoftReference::new);
  }

  /**
   * @param keeping how values are kept that nobody holds
   */
  SharedUntilUnused(Function<V, SoftReference<V>> keeping) {
    this.keeping = keeping;
  }

  /**
   * The value of a key; made if there is none, or none any more.
   *
   * @param make makes it; may ask for values of other keys
   */
  public synchronized V of(K key, Supplier<V> make) {
    SoftReference<V> kept = values.get(key);
    @Nullable V value = kept == null ? null : kept.get();
    if (value == null) {
      values.values().removeIf(other -> other.get() == null);
      value = make.get();
      values.put(key, keeping.apply(value));
    }
    return value;
  }

  /** Forgets values, whoever uses them. */
  public synchronized void forget(Predicate<K> keys) {
    values.keySet().removeIf(keys);
  }

  /** How many keys there are values of. */
  synchronized int size() {
    values.values().removeIf(kept -> kept.get() == null);
    return values.size();
  }
}
