package clicklake.transforms.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.contract.Action;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class MinuteFiguresTest {
  private static final long MINUTE = 1_700_000_040_000_000L;

  private record Event(Action action, String source, String user, boolean late) {
    void addTo(MinuteFigures figures) {
      figures.addEvents(action, 1, late ? 1 : 0);
      if (action == Action.LOGIN) {
        figures.addLogins(source, 1, late ? 1 : 0);
      }
      figures.addUser(user.getBytes(UTF_8));
    }
  }

  @Provide
  Arbitrary<List<Event>> events() {
    return Combinators.combine(
            Arbitraries.of(Action.values()),
            Arbitraries.of("web", "app", "unknown"),
            Arbitraries.integers().between(0, 400).map(number -> "u" + number),
            Arbitraries.of(true, false))
        .as(Event::new)
        .list()
        .ofMaxSize(300);
  }

  private static MinuteFigures of(List<Event> events) {
    MinuteFigures figures = new MinuteFigures(MINUTE);
    events.forEach(event -> event.addTo(figures));
    return figures;
  }

  @Property
  void figuresDependNeitherOnOrderNorOnPortions(
      @ForAll("events") List<Event> events, @ForAll long seed) throws Exception {
    Random random = new Random(seed);
    List<Event> shuffled = new ArrayList<>(events);
    Collections.shuffle(shuffled, random);
    MinuteFigures sum = new MinuteFigures(MINUTE);
    for (int from = 0; from < shuffled.size(); ) {
      int to = Math.min(shuffled.size(), from + 1 + random.nextInt(40));
      MinuteFigures part = of(shuffled.subList(from, to));
      // As between two workers.
      sum = CoderUtils.clone(MinuteFigures.FiguresCoder.of(), part).plus(sum);
      from = to;
    }
    assertThat(sum).isEqualTo(of(events));
    assertThat(CoderUtils.clone(MinuteFigures.FiguresCoder.of(), sum)).isEqualTo(sum);
  }

  /** So many that the sketch keeps registers, and no longer each user. */
  @Test
  void manyUsersTravelAsTheyAre() throws Exception {
    MinuteFigures many = new MinuteFigures(MINUTE);
    MinuteFigures parts = MinuteFigures.ofNoMinute();
    for (int part = 0; part < 40; part++) {
      MinuteFigures some = new MinuteFigures(MINUTE);
      for (int i = 0; i < 1_000; i++) {
        byte[] user = ("u" + (part * 700 + i)).getBytes(UTF_8);
        some.addUser(user);
        many.addUser(user);
      }
      parts.addOfFew(CoderUtils.clone(MinuteFigures.FiguresCoder.of(), some));
      parts = CoderUtils.clone(MinuteFigures.FiguresCoder.of(), parts);
    }
    assertThat(parts).isEqualTo(many);
    assertThat(parts.users().estimate()).isEqualTo(many.users().estimate());
  }

  @Test
  void addingLeavesTheOthersAsTheyAre() {
    MinuteFigures one = of(List.of(new Event(Action.LOGIN, "web", "ann", false)));
    MinuteFigures other = of(List.of(new Event(Action.LOGIN, "web", "bob", true)));
    MinuteFigures sum = one.plus(other);
    assertThat(sum.events(Action.LOGIN)).isEqualTo(new MinuteFigures.Counts(2, 1));
    assertThat(sum.logins()).isEqualTo(Map.of("web", new MinuteFigures.Counts(2, 1)));
    assertThat(Math.round(sum.users().estimate())).isEqualTo(2);
    assertThat(one.events(Action.LOGIN)).isEqualTo(new MinuteFigures.Counts(1, 0));
    assertThat(Math.round(one.users().estimate())).isEqualTo(1);
    assertThat(other.logins()).isEqualTo(Map.of("web", new MinuteFigures.Counts(1, 1)));
  }

  @Test
  void panesDoNotGrowWithTheSourcesThatClientsMakeUp() {
    MinuteFigures pane = new MinuteFigures(MINUTE);
    for (int i = 0; i < 5_000; i++) {
      pane.addEvents(Action.LOGIN, 1, 0);
      pane.addLoginsOfFew("made up " + i, 1, 0);
    }
    pane.addLoginsOfFew("made up 0", 1, 0);
    pane.addLoginsOfFew("x".repeat(201), 1, 0);
    assertThat(pane.logins())
        .hasSize(1_000)
        .containsEntry("made up 0", new MinuteFigures.Counts(2, 0));
    assertThat(pane.events(Action.LOGIN).events()).isEqualTo(5_000);
    MinuteFigures sum = MinuteFigures.ofNoMinute();
    sum.addOfFew(pane);
    sum.addOfFew(of(List.of(new Event(Action.LOGIN, "another", "ann", false))));
    assertThat(sum.minute()).isEqualTo(MINUTE);
    assertThat(sum.logins()).isEqualTo(pane.logins());
  }

  @Test
  void rowsAreThoseOfWhatHappened() {
    List<LiveTable.LiveFigure> rows = new ArrayList<>();
    LiveTable.ofMinute(
        of(
            List.of(
                new Event(Action.PURCHASE, "web", "ann", false),
                new Event(Action.PURCHASE, "web", "ann", true),
                new Event(Action.LOGIN, "app", "bob", false))),
        rows::add);
    assertThat(rows)
        .containsExactlyInAnyOrder(
            new LiveTable.LiveFigure(LiveTable.EVENTS, "purchase", 2, 1),
            new LiveTable.LiveFigure(LiveTable.EVENTS, "login", 1, 0),
            new LiveTable.LiveFigure(LiveTable.LOGINS, "app", 1, 0),
            new LiveTable.LiveFigure(LiveTable.PURCHASES, "", 2, 1),
            new LiveTable.LiveFigure(LiveTable.USERS, "", 2, 0));
    rows.clear();
    LiveTable.ofMinute(new MinuteFigures(MINUTE), rows::add);
    assertThat(rows).isEmpty();
  }
}
