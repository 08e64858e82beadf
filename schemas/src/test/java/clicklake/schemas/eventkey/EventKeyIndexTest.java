package clicklake.schemas.eventkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EventKeyIndexTest {
  private static final long HORIZON = 10;

  /** A key of the model, with its values. */
  private static final class Entry {
    final long first;
    final long second;
    final long micros;

    Entry(long micros, long first, long second) {
      this.micros = micros;
      this.first = first;
      this.second = second;
    }
  }

  /** One call of the table: what it does, on which id, at what time. */
  record Step(int kind, long id, long micros) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    // Few ids and times, so that ids collide and times fall on both sides of the horizon; and
    // enough of either that segments are split and chained.
    Arbitrary<Integer> kinds = Arbitraries.integers().between(0, 99);
    Arbitrary<Long> ids =
        Arbitraries.frequencyOf(
            Tuple.of(1, Arbitraries.longs().between(0, 3)),
            Tuple.of(3, Arbitraries.longs().between(0, 400)));
    Arbitrary<Long> times = Arbitraries.longs().between(0, 2000);
    return Combinators.combine(kinds, ids, times).as(Step::new).list().ofMaxSize(1500);
  }

  /** Segments of 16 slots, so that all kinds of growth happen; the heap's share ends somewhere. */
  @Property(tries = 300)
  void isAListOfKeysHoweverItGrowsAndWhereverTheKeysLie(
      @ForAll("steps") List<Step> steps,
      @ForAll @IntRange(max = 20_000) int heapBytes,
      @ForAll @IntRange(max = 300) int expected) {
    EventKeyIndex table = new EventKeyIndex(expected, 2, new SpillableLongs(heapBytes), 16);
    Map<Long, List<Entry>> model = new HashMap<>();
    long number = 0;
    for (Step step : steps) {
      List<Entry> sameId = model.computeIfAbsent(step.id, id -> new ArrayList<>());
      int slot = table.find(step.id, ~step.id, step.micros, HORIZON);
      List<Entry> sameEvent =
          sameId.stream().filter(entry -> Math.abs(entry.micros - step.micros) <= HORIZON).toList();
      assertThat(slot >= 0).isEqualTo(!sameEvent.isEmpty());
      if (slot < 0 || step.kind < 10) {
        slot = table.add(step.id, ~step.id, step.micros);
        table.value(slot, 0, ++number);
        table.value(slot, 1, -number);
        sameId.add(new Entry(step.micros, number, -number));
        continue;
      }
      int found = slot;
      Entry entry =
          sameEvent.stream()
              .filter(one -> one.first == table.value(found, 0))
              .findFirst()
              .orElseThrow();
      assertThat(table.value(slot, 1)).isEqualTo(entry.second);
      if (step.kind < 30) {
        boolean exactly = sameEvent.stream().anyMatch(one -> one.micros == step.micros);
        assertThat(table.eventMicros(slot) == step.micros).isEqualTo(exactly);
        for (Entry one : sameEvent) {
          int wanted =
              table.find(
                  step.id, ~step.id, step.micros, HORIZON, key -> table.value(key, 0) == one.first);
          assertThat(table.value(wanted, 1)).isEqualTo(one.second);
        }
        assertThat(table.find(step.id, ~step.id, step.micros, HORIZON, key -> false)).isEqualTo(-1);
      } else if (step.kind < 60) {
        table.remove(slot);
        sameId.remove(entry);
      } else if (step.kind == 60) {
        table.removeIf(key -> table.eventMicros(key) % 3 == 0);
        model.values().forEach(all -> all.removeIf(one -> one.micros % 3 == 0));
      } else if (step.kind == 61) {
        table.clear();
        model.clear();
      }
      assertThat(table.size()).isEqualTo(model.values().stream().mapToInt(List::size).sum());
    }
    model.forEach(
        (id, entries) -> {
          for (Entry entry : entries) {
            int slot = table.find(id, ~id, entry.micros, 0);
            assertThat(slot).isNotNegative();
            assertThat(entries.stream().filter(one -> one.micros == entry.micros))
                .extracting(one -> one.first)
                .contains(table.value(slot, 0));
          }
        });
  }

  @Test
  void exactlyTheHorizonApartIsTheSameEvent() {
    EventKeyIndex table = new EventKeyIndex(1, 0);
    table.add(1, 2, 100);
    assertThat(table.find(1, 2, 110, HORIZON)).isNotNegative();
    assertThat(table.find(1, 2, 90, HORIZON)).isNotNegative();
    assertThat(table.find(1, 2, 111, HORIZON)).isNegative();
    assertThat(table.find(1, 3, 100, HORIZON)).isNegative();
  }

  @Test
  void aKeyOfTheVeryTimeGoesBeforeOthersWithinTheHorizon() {
    EventKeyIndex table = new EventKeyIndex(4, 1);
    for (int i = 0; i < 4; i++) {
      table.value(table.add(1, 2, 100 + i), 0, i);
    }
    for (int i = 0; i < 4; i++) {
      assertThat(table.value(table.find(1, 2, 100 + i, HORIZON), 0)).isEqualTo(i);
    }
    assertThat(table.find(1, 2, 93, HORIZON)).isNotNegative();
  }

  @Test
  void anIdOfZerosAtTimeZeroIsAKeyLikeAnyOther() {
    EventKeyIndex table = new EventKeyIndex(1, 0);
    assertThat(table.find(0, 0, 0, 0)).isNegative();
    table.add(0, 0, 0);
    assertThat(table.find(0, 0, 0, 0)).isNotNegative();
    assertThat(table.find(0, 0, 1, 0)).isNegative();
  }

  @Test
  void aTableGrowsAcrossTheBorderOfTheHeap() {
    SpillableLongs space = new SpillableLongs(4 << 20);
    EventKeyIndex table = new EventKeyIndex(0, 1, space);
    for (int i = 0; i < 300_000; i++) {
      table.value(table.add(i, -i, i), 0, 2L * i);
    }
    assertThat(table.size()).isEqualTo(300_000);
    // 64 segments of 5,461 keys at the most are needed: 16 of 256 KiB on the heap, 48 in files of
    // 256 and 256 KiB, then 512 KiB, and so on until 16 MiB.
    assertThat(space.fileBytes()).isEqualTo(16 << 20);
    for (int i = 0; i < 300_000; i++) {
      assertThat(table.value(table.find(i, -i, i, 0), 0)).isEqualTo(2L * i);
      assertThat(table.find(i, -i - 1, i, 0)).isNegative();
    }
  }

  @Test
  void manyEventsOfOneIdAreHeldInChainedSegments() {
    SpillableLongs space = new SpillableLongs(0);
    EventKeyIndex table = new EventKeyIndex(0, 1, space, 16);
    for (int i = 0; i < 500; i++) {
      table.value(table.add(7, 7, 100L * i), 0, i);
    }
    for (int i = 0; i < 500; i++) {
      assertThat(table.value(table.find(7, 7, 100L * i + 5, HORIZON), 0)).isEqualTo(i);
    }
    // No more than 1 MiB for 16 kB of keys: splitting ends where it parts nothing.
    assertThat(space.fileBytes()).isLessThanOrEqualTo(1 << 20);
  }

  @Test
  void aTableThatIsClearedGivesItsRoomBackAndTakesItAgain() {
    SpillableLongs space = new SpillableLongs(0);
    EventKeyIndex table = new EventKeyIndex(0, 1, space, 64);
    long once = 0;
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < 10_000; i++) {
        table.add(i, i, i);
      }
      once = round == 0 ? space.fileBytes() : once;
      table.clear();
      assertThat(table.find(1, 1, 1, 0)).isNegative();
    }
    assertThat(space.fileBytes()).isEqualTo(once);
  }
}
