package clicklake.transforms.gold;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import clicklake.schemas.contract.Action;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.Union;
import org.junit.jupiter.api.Test;

class MinuteSummaryTest {

  private static MinuteSummary of(List<Integer> users) {
    MinuteSummary summary = MinuteSummary.empty();
    for (int user : users) {
      summary.add(
          Action.of(Math.floorMod(user, Action.values().length)), ("user-" + user).getBytes(UTF_8));
    }
    return summary;
  }

  private static List<Integer> users(int count, Random random) {
    List<Integer> users = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      users.add(random.nextInt(Math.max(1, count)));
    }
    return users;
  }

  /** Some that fit a list, some a set, some only registers. */
  @Property(tries = 60)
  void theSameEventsGiveTheSameBytesHoweverTheyAreSplitAndOrdered(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 7) int parts,
      @ForAll @IntRange(max = 3) int size)
      throws Exception {
    Random random = new Random(seed);
    int[] sizes = {6, 900, 4_000, 30_000};
    List<Integer> users = users(sizes[size], random);
    MinuteSummary whole = of(users);

    List<Integer> shuffled = new ArrayList<>(users);
    Collections.shuffle(shuffled, random);
    List<MinuteSummary> pieces = new ArrayList<>();
    int from = 0;
    for (int part = 0; part < parts; part++) {
      int to = part == parts - 1 ? users.size() : from + random.nextInt(users.size() - from + 1);
      pieces.add(of(shuffled.subList(from, to)));
      from = to;
    }
    while (pieces.size() > 1) {
      MinuteSummary one = pieces.remove(random.nextInt(pieces.size()));
      MinuteSummary other = pieces.remove(random.nextInt(pieces.size()));
      byte[] before = other.toBytes();
      one.addAll(random.nextBoolean() ? other : CoderUtils.clone(MinuteSummaryCoder.of(), other));
      assertThat(other.toBytes()).isEqualTo(before);
      pieces.add(one);
    }

    assertThat(pieces.get(0).toBytes()).isEqualTo(whole.toBytes());
    assertThat(pieces.get(0).sketch()).isEqualTo(whole.sketch());
    assertThat(pieces.get(0).activeUsers()).isEqualTo(whole.activeUsers());
    assertThat(Math.round(HllSketch.heapify(whole.sketch()).getEstimate()))
        .isEqualTo(whole.activeUsers());
  }

  @Test
  void aHundredThousandUsersAreCountedWithinTwoPercentAlsoByTheSketch() {
    MinuteSummary summary = MinuteSummary.empty();
    for (int i = 0; i < 100_000; i++) {
      summary.add(Action.VIEW, ("user-" + i).getBytes(UTF_8));
      summary.add(Action.VIEW, ("user-" + i).getBytes(UTF_8));
    }

    assertThat(summary.events(Action.VIEW)).isEqualTo(200_000);
    assertThat(summary.activeUsers()).isCloseTo(100_000, within(2_000L));
    HllSketch sketch = HllSketch.heapify(summary.sketch());
    assertThat(sketch.getLgConfigK()).isEqualTo(14);
    assertThat(sketch.getEstimate()).isCloseTo(100_000.0, within(2_000.0));
  }

  @Test
  void sketchesMergeWithThoseThatTheLibraryMakesOfTheSameUsers() {
    MinuteSummary summary = MinuteSummary.empty();
    HllSketch plain = new HllSketch(14);
    for (int i = 0; i < 20_000; i++) {
      summary.add(Action.VIEW, ("user-" + i).getBytes(UTF_8));
      plain.update("user-" + i);
    }
    Union both = new Union(14);
    both.update(plain);
    double alone = both.getCompositeEstimate();
    both.update(HllSketch.heapify(summary.sketch()));

    assertThat(both.getCompositeEstimate()).isEqualTo(alone);
  }

  @Test
  void aMinuteStartsAtItsFirstMicrosecondAndEndsBeforeTheNext() {
    assertThat(minuteOf("2026-05-01T10:00:00Z")).isEqualTo("2026-05-01T10:00:00Z");
    assertThat(minuteOf("2026-05-01T10:00:59.999999Z")).isEqualTo("2026-05-01T10:00:00Z");
    assertThat(minuteOf("2026-05-01T10:01:00Z")).isEqualTo("2026-05-01T10:01:00Z");
    assertThat(minuteOf("2026-04-30T23:59:59.999999Z")).isEqualTo("2026-04-30T23:59:00Z");
    assertThat(minuteOf("2024-02-29T00:00:00Z")).isEqualTo("2024-02-29T00:00:00Z");
    assertThat(MinuteSummary.minuteOf(-1)).isEqualTo(-60_000_000);
  }

  private static String minuteOf(String time) {
    Instant instant = Instant.parse(time);
    long micros = instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    return Instant.ofEpochSecond(MinuteSummary.minuteOf(micros) / 1_000_000).toString();
  }

  @Test
  void theBytesOfASummaryStayWhatTheyAre() throws Exception {
    MinuteSummary summary = MinuteSummary.empty();
    summary.add(Action.PURCHASE, "a".getBytes(UTF_8));
    summary.add(Action.VIEW, "b".getBytes(UTF_8));
    byte[] bytes = CoderUtils.encodeToByteArray(MinuteSummaryCoder.of(), summary);

    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo("170100000100001002010710030802082f823b040aff8004");
    assertThat(CoderUtils.decodeFromByteArray(MinuteSummaryCoder.of(), bytes)).isEqualTo(summary);
  }
}
