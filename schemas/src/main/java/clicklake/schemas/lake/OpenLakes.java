package clicklake.schemas.lake;

import java.util.function.Supplier;

/**
 * The lakes that this process works on: what all who work on one of them share, such as the
 * storage's client, the tables' logs and ledgers, and the ids that dedupe knows.
 *
 * <p>A lake is found by its {@link LakeLocation}. What is shared stays for as long as somebody
 * holds it, and while the memory is not needed for something else; see {@link SharedUntilUnused}.
 * Safe for use by several threads.
 */
public final class OpenLakes {
  private static final SharedUntilUnused<Key, Object> SHARED = new SharedUntilUnused<>();

  /** All of a key is part of what a value is made from. */
  private record Key(LakeLocation lake, Class<?> type, Object which) {}

  private OpenLakes() {}

  /**
   * What the process has one of for each lake.
   *
   * @param type its type, by which it is found
   * @param make makes it if there is none, or none any more; may ask for others of the lake
   */
  public static <V> V of(LakeLocation lake, Class<V> type, Supplier<V> make) {
    return of(lake, type, type, make);
  }

  /**
   * One of several that the process has of a type for each lake.
   *
   * @param which tells them apart; all that {@code make} makes it from, beside the lake, must be in
   *     it
   * @param make makes it if there is none, or none any more; may ask for others of the lake
   */
  public static <V> V of(LakeLocation lake, Class<V> type, Object which, Supplier<V> make) {
    return type.cast(SHARED.of(new Key(lake, type, which), make::get));
  }

  /** Forgets all of a lake, whoever uses it: the lake is no more. */
  public static void forget(LakeLocation lake) {
    SHARED.forget(key -> key.lake().equals(lake));
  }
}
