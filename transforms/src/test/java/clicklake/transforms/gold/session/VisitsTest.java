package clicklake.transforms.gold.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class VisitsTest {
  private static final long GAP = 100;

  private static Session event(long time, int id) {
    String text = String.format(Locale.ROOT, "%04d", id);
    return new Session(time, time, text, "page" + id, text, "page" + id, 1, id % 3 == 0 ? 1 : 0);
  }

  private static List<Session> join(List<Session> parts) {
    Visits visits = new Visits(GAP);
    parts.forEach(visits::add);
    return List.copyOf(visits.sessions());
  }

  /** Sorts all events and cuts where a pause is too long. */
  private static List<Session> grain(List<Session> events) {
    List<Session> sorted = new ArrayList<>(events);
    sorted.sort(Comparator.comparingLong(Session::start).thenComparing(Session::entryId));
    List<Session> sessions = new ArrayList<>();
    int first = 0;
    for (int i = 1; i <= sorted.size(); i++) {
      if (i == sorted.size() || sorted.get(i).start() - sorted.get(i - 1).start() > GAP) {
        List<Session> one = sorted.subList(first, i);
        Session entry = one.get(0);
        Session exit = one.get(one.size() - 1);
        sessions.add(
            new Session(
                entry.start(),
                exit.end(),
                entry.entryId(),
                entry.entryPage(),
                exit.exitId(),
                exit.exitPage(),
                one.size(),
                one.stream().mapToLong(Session::purchases).sum()));
        first = i;
      }
    }
    return sessions;
  }

  @Property(tries = 500)
  void sessionsAreTheSameInAnyOrderAndFromAnyParts(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int count) {
    Random random = new Random(seed);
    List<Session> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(event(random.nextInt(12) * GAP + random.nextInt(3) * (GAP / 2), i));
    }
    Collections.shuffle(events, random);

    List<Session> parts = new ArrayList<>();
    for (int from = 0; from < count; ) {
      int to = Math.min(count, from + 1 + random.nextInt(10));
      parts.addAll(join(events.subList(from, to)));
      from = to;
    }
    Collections.shuffle(parts, random);

    assertThat(join(parts)).isEqualTo(grain(events)).isEqualTo(join(events));
  }

  @Test
  void aPauseOfExactlyTheGapStaysInAndALongerOneDoesNot() {
    assertThat(join(List.of(event(0, 1), event(GAP, 2)))).hasSize(1);
    assertThat(join(List.of(event(0, 1), event(GAP + 1, 2)))).hasSize(2);
  }

  @Test
  void aLateEventJoinsTwoSessionsItReaches() {
    List<Session> apart = join(List.of(event(0, 1), event(2 * GAP, 2)));
    assertThat(apart).hasSize(2);

    List<Session> parts = new ArrayList<>(apart);
    parts.add(event(GAP, 3));

    assertThat(join(parts))
        .containsExactly(new Session(0, 2 * GAP, "0001", "page1", "0002", "page2", 3, 1));
  }

  @Test
  void ofEventsInTheSameMicrosecondTheLowestIdIsTheEntryAndTheHighestTheExit() {
    assertThat(join(List.of(event(5, 8), event(5, 7), event(5, 9))))
        .containsExactly(new Session(5, 5, "0007", "page7", "0009", "page9", 3, 1));
  }
}
