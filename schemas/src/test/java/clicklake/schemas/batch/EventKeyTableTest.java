package clicklake.schemas.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class EventKeyTableTest {
  private static final long HORIZON = 10;

  /** Few ids and times, so that ids collide and times fall on both sides of the horizon. */
  @Property
  void findsAKeyExactlyIfOneIsWithinTheHorizon(
      @ForAll @Size(max = 200) List<@IntRange(max = 999) Integer> added,
      @ForAll @Size(max = 50) List<@IntRange(max = 999) Integer> asked) {
    EventKeyTable table = new EventKeyTable(1);
    List<long[]> model = new ArrayList<>();
    for (int one : added) {
      table.add(one % 5, 7, one / 5, one, 1);
      model.add(new long[] {one % 5, one / 5});
    }
    assertThat(table.size()).isEqualTo(added.size());
    for (int one : asked) {
      boolean there =
          model.stream().anyMatch(k -> k[0] == one % 5 && Math.abs(k[1] - one / 5) <= HORIZON);
      int slot = table.find(one % 5, 7, one / 5, HORIZON);
      assertThat(slot >= 0).isEqualTo(there);
      if (there) {
        assertThat(table.idHigh(slot)).isEqualTo(one % 5);
        assertThat(Math.abs(table.eventMicros(slot) - one / 5)).isLessThanOrEqualTo(HORIZON);
      }
    }
  }

  @Test
  void exactlyTheHorizonApartIsTheSameEvent() {
    EventKeyTable table = new EventKeyTable(1);
    table.add(1, 2, 100, 0, 1);
    assertThat(table.find(1, 2, 110, HORIZON)).isNotNegative();
    assertThat(table.find(1, 2, 90, HORIZON)).isNotNegative();
    assertThat(table.find(1, 2, 111, HORIZON)).isNegative();
    assertThat(table.find(1, 3, 100, HORIZON)).isNegative();
  }

  @Test
  void valuesTagsAndMarksSurviveGrowth() {
    EventKeyTable table = new EventKeyTable(1, true);
    for (int i = 0; i < 10_000; i++) {
      table.mark(table.add(i, -i, i, 2L * i, 1 + i % 100), 3L * i);
    }
    for (int i = 0; i < 10_000; i++) {
      int slot = table.find(i, -i, i, 0);
      assertThat(table.value(slot)).isEqualTo(2L * i);
      assertThat(table.tag(slot)).isEqualTo(1 + i % 100);
      assertThat(table.mark(slot)).isEqualTo(3L * i);
    }
  }
}
