package clicklake.io.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventKeySetTest {

  @Test
  void agreesWithAListOfKeysHoweverWrongTheExpectedSizeWas() {
    Random random = new Random(1);
    EventKeySet set = new EventKeySet(0, 10);
    List<EventKeyOf.Key> list = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      EventKeyOf.Key key =
          new EventKeyOf.Key(random.nextInt(3), random.nextInt(40), random.nextInt(400));
      boolean expected =
          list.stream()
              .anyMatch(
                  other ->
                      other.idHigh() == key.idHigh()
                          && other.idLow() == key.idLow()
                          && Math.abs(other.eventMicros() - key.eventMicros()) <= 10);
      assertThat(set.contains(key.idHigh(), key.idLow(), key.eventMicros())).isEqualTo(expected);
      if (!expected) {
        set.add(key.idHigh(), key.idLow(), key.eventMicros());
        list.add(key);
      }
    }
    assertThat(set.size()).isEqualTo(list.size());
  }

  @Test
  void aTimeMayBeZeroAndAnIdMayBeZero() {
    EventKeySet set = new EventKeySet(100, 0);
    assertThat(set.contains(0, 0, 0)).isFalse();
    set.add(0, 0, 0);
    assertThat(set.contains(0, 0, 0)).isTrue();
    assertThat(set.contains(0, 0, 1)).isFalse();
  }
}
