package clicklake.produce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;

import clicklake.produce.EventGenerator.Kind;
import clicklake.schemas.batch.Bytes;
import clicklake.schemas.contract.Action;
import clicklake.schemas.contract.RejectReason;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventGeneratorTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Instant LATEST = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void aPlanGivesTheSameBytesForEver() {
    assertThat(hash(ProducePlan.of(1, 10_000)))
        .isEqualTo("128b7b22f8f3536bc571cba5aa209da4c41dfffb64a9af96fb19b6680f88fc50");
    assertThat(hash(ProducePlan.of(1, 10_000).withForm(ProducePlan.Form.VALUES)))
        .isEqualTo("91ce4ebc880daab80488a4cd8b21a6d97eb121c3eaf17fb0708497da72b4753c");
  }

  @Test
  void anotherSeedGivesOtherEvents() {
    Set<String> ids = new TreeSet<>();
    for (long seed : new long[] {1, 2, -1}) {
      for (JsonNode event : events(ProducePlan.of(seed, 1_000).withShares(0, 0, 0, 0))) {
        ids.add(event.get("event_id").asText());
      }
    }
    assertThat(ids).hasSize(3_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 30, 400})
  void clicksAreSpreadOverAboutAsManyDaysAsThePlanSays(int days) {
    EventGenerator generator = new EventGenerator(ProducePlan.of(5, 50_000).withDays(days));
    Bytes record = new Bytes(1024);
    Map<LocalDate, Integer> perDay = new TreeMap<>();
    while (generator.next(record) != Kind.END) {
      record.clear();
      perDay.merge(LocalDate.ofInstant(generator.time(), ZoneOffset.UTC), 1, Integer::sum);
    }

    int records = 0;
    int until = 0;
    for (int onDay : perDay.values()) {
      records += onDay;
      until += records < 49_000 ? 1 : 0;
    }
    assertThat(perDay.keySet().iterator().next()).isEqualTo(LocalDate.of(2024, 1, 1));
    assertThat(until).as("days of 98 %").isBetween((int) (days * 0.9), (int) (days * 1.1));
  }

  @Property(tries = 60)
  void aRecountByTheContractFindsWhatTheGeneratorCounted(
      @ForAll long seed,
      @ForAll @IntRange(max = 3_000) int records,
      @ForAll @IntRange(min = 1, max = 200) int users,
      @ForAll @DoubleRange(max = 0.5) double duplicates,
      @ForAll @DoubleRange(max = 0.4) double late,
      @ForAll @DoubleRange(max = 0.4) double broken,
      @ForAll @DoubleRange(max = 1) double unknownFields,
      @ForAll ProducePlan.Form form) {
    ProducePlan plan =
        new ProducePlan(
            seed,
            records,
            users,
            Instant.parse("2024-01-01T00:00:00Z"),
            0,
            duplicates,
            late,
            broken,
            unknownFields,
            form,
            10_000);
    EventGenerator generator = new EventGenerator(plan);
    Recount recount = new Recount(plan.maxRecordSize(), LATEST);
    Bytes record = new Bytes(1024);
    while (generator.next(record) != Kind.END) {
      if (form == ProducePlan.Form.LINES) {
        recount.line(record.toByteArray());
      } else {
        recount.value(record.toByteArray());
      }
      record.clear();
    }
    ProducedCounts counts = generator.counts();

    assertThat(counts).isEqualTo(recount.counts());
    assertThat(counts.records()).isEqualTo(records);
    assertThat(counts.events() + counts.duplicates() + counts.rejected()).isEqualTo(records);
  }

  @Test
  void sharesAreOfAllRecords() {
    ProducedCounts counts = counts(ProducePlan.of(3, 200_000).withShares(0.1, 0.05, 0.04, 0.2));

    assertThat(counts.duplicates() / 200_000.0).isCloseTo(0.1, within(0.005));
    assertThat(counts.late() / 200_000.0).isCloseTo(0.05, within(0.005));
    assertThat(counts.rejected() / 200_000.0).isCloseTo(0.04, within(0.003));
    assertThat(counts.unknownFields() / (double) counts.events()).isCloseTo(0.2, within(0.01));
  }

  @Test
  void everyReasonComesUpAsFarAsTheFormAllows() {
    ProducePlan plan = ProducePlan.of(3, 20_000).withShares(0, 0, 0.1, 0);

    assertThat(counts(plan).rejects().keySet())
        .isEqualTo(EnumSet.complementOf(EnumSet.of(RejectReason.EMPTY_VALUE)));
    assertThat(counts(plan.withForm(ProducePlan.Form.VALUES)).rejects().keySet())
        .isEqualTo(EnumSet.complementOf(EnumSet.of(RejectReason.TOO_LARGE)));
  }

  @Test
  void sharesOfNothingGiveSoundEventsInTheOrderOfTheirTimes() {
    List<JsonNode> events = events(ProducePlan.of(5, 5_000).withShares(0, 0, 0, 0));

    assertThat(events).hasSize(5_000);
    assertThat(counts(ProducePlan.of(5, 5_000).withShares(0, 0, 0, 0)))
        .extracting(
            ProducedCounts::events,
            ProducedCounts::duplicates,
            ProducedCounts::late,
            ProducedCounts::unknownFields,
            ProducedCounts::blankLines,
            ProducedCounts::rejected)
        .containsExactly(5_000L, 0L, 0L, 0L, 0L, 0L);
  }

  @Test
  void somePeopleBuyAndMoreAbandonTheirCarts() {
    Map<String, EnumSet<Action>> sessions = new HashMap<>();
    for (JsonNode event : events(ProducePlan.of(7, 50_000).withShares(0, 0, 0, 0))) {
      if (event.has("session_id")) {
        sessions
            .computeIfAbsent(
                event.get("user_id").asText() + event.get("session_id").asText(),
                key -> EnumSet.noneOf(Action.class))
            .add(Action.valueOf(event.get("action").asText().toUpperCase(java.util.Locale.ROOT)));
      }
    }
    long carts = sessions.values().stream().filter(s -> s.contains(Action.ADD_TO_CART)).count();
    long purchases = sessions.values().stream().filter(s -> s.contains(Action.PURCHASE)).count();
    long both =
        sessions.values().stream()
            .filter(s -> s.containsAll(Set.of(Action.ADD_TO_CART, Action.PURCHASE)))
            .count();

    assertThat(both).isEqualTo(purchases);
    assertThat(carts / (double) sessions.size()).isBetween(0.3, 0.6);
    assertThat(purchases / (double) carts).isBetween(0.25, 0.35);
  }

  @Test
  void bothVersionsAndAllActionsOccur() {
    List<JsonNode> events = events(ProducePlan.of(7, 50_000).withShares(0, 0, 0, 0));
    Map<Integer, EnumSet<Action>> actions = new HashMap<>();
    for (JsonNode event : events) {
      actions
          .computeIfAbsent(event.get("schema_version").asInt(), key -> EnumSet.noneOf(Action.class))
          .add(Action.valueOf(event.get("action").asText().toUpperCase(java.util.Locale.ROOT)));
    }

    assertThat(actions)
        .isEqualTo(
            Map.of(
                1,
                EnumSet.complementOf(EnumSet.of(Action.LOGIN, Action.LOGOUT)),
                2,
                EnumSet.allOf(Action.class)));
    assertThat(events.stream().filter(event -> event.has("ip")).count())
        .isEqualTo(events.stream().filter(e -> e.get("schema_version").asInt() == 2).count());
  }

  @Test
  void aUserHasSeveralSessionsThatAreMoreThanHalfAnHourApart() {
    Map<String, String> session = new HashMap<>();
    Map<String, Instant> last = new HashMap<>();
    Map<String, Integer> sessions = new HashMap<>();
    for (JsonNode event : events(ProducePlan.of(7, 20_000).withShares(0, 0, 0, 0))) {
      if (event.has("session_id")) {
        String user = event.get("user_id").asText();
        Instant time = Instant.parse(event.get("event_time").asText());
        String id = event.get("session_id").asText();
        String earlier = session.put(user, id);
        Instant before = last.put(user, time);
        if (!id.equals(earlier)) {
          sessions.merge(user, 1, Integer::sum);
        }
        if (before != null) {
          assertThat(Duration.between(before, time).compareTo(Duration.ofMinutes(30)) > 0)
              .isEqualTo(!id.equals(earlier));
        }
      }
    }
    assertThat(sessions.values()).allMatch(count -> count > 1);
  }

  @Test
  void theKeyIsTheUserAndADuplicateKeepsIt() {
    EventGenerator generator =
        new EventGenerator(ProducePlan.of(9, 5_000).withShares(0.3, 0.1, 0, 0));
    Bytes record = new Bytes(1024);
    while (generator.next(record) != Kind.END) {
      assertThat(json(record).get("user_id").asText())
          .isEqualTo(new String(generator.key(), java.nio.charset.StandardCharsets.UTF_8));
      record.clear();
    }
  }

  @Test
  void timeThatOvertakesTheClockIsRefused() throws IOException {
    EventGenerator generator = new EventGenerator(ProducePlan.of(1, 100));
    Bytes record = new Bytes(1024);
    generator.next(record);
    generator.refuseFuture(Clock.fixed(generator.time(), ZoneOffset.UTC));
    while (generator.next(record) != Kind.END) {}

    assertThatIOException()
        .isThrownBy(
            () ->
                generator.refuseFuture(
                    Clock.fixed(Instant.parse("2024-01-01T00:00:00Z"), ZoneOffset.UTC)))
        .withMessage(
            "the clicks of 10 users have reached "
                + generator.time()
                + ", which is still to come; use more --users or an earlier --startTime");
  }

  @Test
  void chancesOfAStepAddUpToAHundredAndLeadToPurchases() {
    for (Step step : Step.values()) {
      int sum = 0;
      for (Step other : Step.values()) {
        sum += step.percentTo(other);
      }
      assertThat(sum).isEqualTo(100);
    }
    assertThat(Step.CHECKOUT.percentTo(Step.PURCHASE)).isEqualTo(60);
    assertThat(Step.LOGOUT.percentTo(Step.LEAVE)).isEqualTo(100);
  }

  @Test
  void stepsFollowTheirChances() {
    SeededRandom dice = new SeededRandom(4);
    Map<Step, Integer> seen = new EnumMap<>(Step.class);
    for (int i = 0; i < 100_000; i++) {
      seen.merge(Step.CART.next(dice), 1, Integer::sum);
    }
    assertThat(seen.keySet())
        .isEqualTo(EnumSet.of(Step.SEARCH, Step.PRODUCT, Step.CHECKOUT, Step.LEAVE));
    seen.forEach(
        (step, count) ->
            assertThat(count / 1_000.0).isCloseTo(Step.CART.percentTo(step), within(0.7)));
  }

  private static ProducedCounts counts(ProducePlan plan) {
    EventGenerator generator = new EventGenerator(plan);
    Bytes record = new Bytes(1024);
    while (generator.next(record) != Kind.END) {
      record.clear();
    }
    return generator.counts();
  }

  private static List<JsonNode> events(ProducePlan plan) {
    EventGenerator generator = new EventGenerator(plan);
    Bytes record = new Bytes(1024);
    List<JsonNode> events = new ArrayList<>();
    while (generator.next(record) != Kind.END) {
      events.add(json(record));
      record.clear();
    }
    return events;
  }

  private static JsonNode json(Bytes record) {
    try {
      return JSON.readTree(record.array(), 0, record.size());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String hash(ProducePlan plan) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      EventGenerator generator = new EventGenerator(plan);
      Bytes record = new Bytes(1024);
      while (generator.next(record) != Kind.END) {
        record.putByte('\n');
        digest.update(record.array(), 0, record.size());
        record.clear();
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
