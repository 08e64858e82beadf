package clicklake.schemas.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedUntilUnusedTest {
  private final List<SoftReference<Object>> kept = new ArrayList<>();
  private final SharedUntilUnused<String, Object> shared =
      new SharedUntilUnused<>(
          value -> {
            SoftReference<Object> reference = new SoftReference<>(value);
            kept.add(reference);
            return reference;
          });

  @Test
  void allWhoAskForAKeyShareOneValue() {
    Object one = shared.of("lake", Object::new);
    assertThat(shared.of("lake", Object::new)).isSameAs(one);
  }

  @Test
  void twoLakesDoNotMix() {
    Object one = shared.of("one", Object::new);
    Object other = shared.of("other", Object::new);
    assertThat(other).isNotSameAs(one);
    shared.forget(key -> key.equals("one"));
    assertThat(shared.of("one", Object::new)).isNotSameAs(one);
    assertThat(shared.of("other", Object::new)).isSameAs(other);
  }

  @Test
  void aValueWhoseMemoryWasNeededIsMadeAgainAndItsKeyIsForgotten() {
    shared.of("first", Object::new);
    shared.of("second", Object::new);
    assertThat(shared.size()).isEqualTo(2);
    // What the collector does when memory is short and nobody holds the value.
    kept.get(0).clear();
    assertThat(shared.size()).isEqualTo(1);
    Object again = shared.of("first", Object::new);
    assertThat(shared.of("first", Object::new)).isSameAs(again);
    assertThat(kept).hasSize(3);
  }

  /** The collector itself: it clears what nobody holds before it gives up. */
  @Test
  void shortOfMemoryAUsedValueStaysAndAnUnusedOneGoes() {
    Object used = shared.of("used", Object::new);
    shared.of("unused", Object::new);
    try {
      Reference.reachabilityFence(new long[Integer.MAX_VALUE - 8]);
      List<long[]> more = new ArrayList<>();
      while (true) {
        more.add(new long[Integer.MAX_VALUE - 8]);
      }
    } catch (OutOfMemoryError e) {
      assertThat(kept.get(1).get()).isNull();
    }
    assertThat(shared.of("used", Object::new)).isSameAs(used);
    assertThat(shared.size()).isEqualTo(1);
  }
}
