package clicklake.schemas.eventkey;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.eventkey.SameEvent.Decision;
import clicklake.schemas.eventkey.SameEvent.Outcome;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SameEventTest {
  private static final SameEvent WITHIN_24 = new SameEvent(24);

  /** A record of the one id that there is. */
  record Claim(long eventMicros, int content, int rank) implements SameEvent.Claim<Claim> {
    @Override
    public boolean sameContent(Claim other) {
      return eventMicros == other.eventMicros && content == other.content;
    }

    @Override
    public boolean ranksBefore(Claim other) {
      return rank < other.rank;
    }
  }

  /** Rows and duplicates as records come one after the other. */
  private static final class Table {
    final List<Claim> rows = new ArrayList<>();
    final List<Claim> duplicates = new ArrayList<>();

    Outcome take(Claim claim) {
      Decision<Claim> decision = WITHIN_24.decide(claim, rows);
      switch (decision.outcome()) {
        case ROW -> rows.add(claim);
        case COPY, CONFLICT -> duplicates.add(claim);
        case DISPLACES -> {
          rows.remove(decision.row());
          duplicates.add(decision.row());
          rows.add(claim);
        }
      }
      return decision.outcome();
    }
  }

  @Provide
  Arbitrary<List<Claim>> claims() {
    Arbitrary<Long> times =
        Arbitraries.oneOf(
            Arbitraries.longs().between(0, 100), Arbitraries.of(0L, 20L, -20L, 40L, -40L));
    return Combinators.combine(
            times, Arbitraries.integers().between(0, 2), Arbitraries.integers().between(0, 1000))
        .as(Claim::new)
        .list()
        .uniqueElements(Claim::rank)
        .ofMaxSize(40);
  }

  @Property
  void rowsLieMoreThanTheHorizonApart(@ForAll("claims") List<Claim> claims) {
    Table table = new Table();
    claims.forEach(table::take);

    for (Claim one : table.rows) {
      assertThat(table.rows)
          .filteredOn(other -> SameEvent.holds(one.eventMicros(), other.eventMicros(), 24))
          .containsExactly(one);
    }
  }

  @Property
  void everyDuplicateHasARowWithinTheHorizonAfterEveryStep(@ForAll("claims") List<Claim> claims) {
    Table table = new Table();
    for (Claim claim : claims) {
      table.take(claim);
      for (Claim duplicate : table.duplicates) {
        assertThat(table.rows)
            .anyMatch(row -> SameEvent.holds(row.eventMicros(), duplicate.eventMicros(), 24));
      }
    }
  }

  @Property
  void noRecordIsLostOrTakenTwice(@ForAll("claims") List<Claim> claims) {
    Table table = new Table();
    claims.forEach(table::take);

    List<Claim> all = new ArrayList<>(table.rows);
    all.addAll(table.duplicates);
    assertThat(all).containsExactlyInAnyOrderElementsOf(claims);
  }

  @Property
  void aTimeThatHasARowKeepsOne(@ForAll("claims") List<Claim> claims) {
    Table table = new Table();
    for (Claim claim : claims) {
      List<Long> before = table.rows.stream().map(Claim::eventMicros).toList();
      table.take(claim);
      assertThat(table.rows).extracting(Claim::eventMicros).containsAll(before);
    }
  }

  @Property
  void ofDifferentRecordsOfOneTimeTheLowestRankStays(@ForAll("claims") List<Claim> claims) {
    Table table = new Table();
    List<Claim> conflicts =
        claims.stream().map(claim -> new Claim(7, claim.rank(), claim.rank())).toList();
    conflicts.forEach(table::take);

    int lowest = conflicts.stream().mapToInt(Claim::rank).min().orElse(0);
    assertThat(table.rows).extracting(Claim::rank).allMatch(rank -> rank == lowest);
  }

  @Test
  void exactlyTheHorizonApartIsTheSameEvent() {
    Table table = new Table();
    table.take(new Claim(0, 0, 5));

    assertThat(table.take(new Claim(24, 0, 6))).isEqualTo(Outcome.CONFLICT);
    assertThat(table.take(new Claim(25, 0, 7))).isEqualTo(Outcome.ROW);
    assertThat(table.take(new Claim(-24, 0, 8))).isEqualTo(Outcome.CONFLICT);
    assertThat(table.take(new Claim(0, 0, 9))).isEqualTo(Outcome.COPY);
  }

  @Test
  void aRowOfAnotherTimeStaysWhateverTheRank() {
    Table table = new Table();
    table.take(new Claim(0, 0, 5));

    assertThat(table.take(new Claim(20, 0, 9))).isEqualTo(Outcome.CONFLICT);
    assertThat(table.take(new Claim(-20, 0, 1))).isEqualTo(Outcome.CONFLICT);
    assertThat(table.take(new Claim(0, 1, 1))).isEqualTo(Outcome.DISPLACES);
  }

  @Test
  void aRecordIsComparedWithAllRowsAndNotTheFirst() {
    Claim early = new Claim(0, 0, 5);
    Claim late = new Claim(40, 0, 6);

    assertThat(WITHIN_24.decide(new Claim(40, 0, 7), List.of(early, late)))
        .isEqualTo(new Decision<>(Outcome.COPY, late));
    assertThat(WITHIN_24.decide(new Claim(20, 0, 1), List.of(early, late)).outcome())
        .isEqualTo(Outcome.CONFLICT);
  }
}
