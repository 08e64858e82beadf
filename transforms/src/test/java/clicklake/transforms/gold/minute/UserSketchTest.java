package clicklake.transforms.gold.minute;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.Union;
import org.junit.jupiter.api.Test;

class UserSketchTest {

  private static UserSketch of(List<Integer> users) {
    UserSketch sketch = UserSketch.empty();
    users.forEach(user -> sketch.add(("user-" + user).getBytes(UTF_8)));
    return sketch;
  }

  private static UserSketch ofDistinct(int from, int count) {
    UserSketch sketch = UserSketch.empty();
    for (int i = 0; i < count; i++) {
      sketch.add(("user-" + (from + i)).getBytes(UTF_8));
    }
    return sketch;
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
  void theSameUsersGiveTheSameBytesHoweverTheyAreSplitAndOrdered(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 7) int parts,
      @ForAll @IntRange(max = 3) int size) {
    Random random = new Random(seed);
    int[] sizes = {6, 900, 4_000, 30_000};
    List<Integer> users = users(sizes[size], random);
    UserSketch whole = of(users);

    List<Integer> shuffled = new ArrayList<>(users);
    Collections.shuffle(shuffled, random);
    List<UserSketch> pieces = new ArrayList<>();
    int from = 0;
    for (int part = 0; part < parts; part++) {
      int to = part == parts - 1 ? users.size() : from + random.nextInt(users.size() - from + 1);
      pieces.add(of(shuffled.subList(from, to)));
      from = to;
    }
    while (pieces.size() > 1) {
      UserSketch one = pieces.remove(random.nextInt(pieces.size()));
      UserSketch other = pieces.remove(random.nextInt(pieces.size()));
      byte[] before = other.toBytes();
      one.addAll(random.nextBoolean() ? other : UserSketch.of(other.toBytes()));
      assertThat(other.toBytes()).isEqualTo(before);
      pieces.add(one);
    }

    assertThat(pieces.get(0).toBytes()).isEqualTo(whole.toBytes());
    assertThat(pieces.get(0).toTableBytes()).isEqualTo(whole.toTableBytes());
    assertThat(pieces.get(0).estimate()).isEqualTo(whole.estimate());
    assertThat(HllSketch.heapify(whole.toTableBytes()).getEstimate()).isEqualTo(whole.estimate());
  }

  @Test
  void aHundredThousandUsersAreCountedWithinTwoPercentAlsoByTheTablesSketch() {
    UserSketch users = ofDistinct(0, 100_000);
    users.addAll(ofDistinct(0, 100_000));

    assertThat(users.estimate()).isCloseTo(100_000, within(2_000.0));
    HllSketch sketch = HllSketch.heapify(users.toTableBytes());
    assertThat(sketch.getLgConfigK()).isEqualTo(14);
    assertThat(sketch.getEstimate()).isCloseTo(100_000.0, within(2_000.0));
  }

  /** Sets of other users, of sizes from ten to three hundred thousand. */
  @Test
  void theEstimateIsWithinTwoPercentInNinetyNineOfAHundredWindows() {
    int within = 0;
    int from = 0;
    for (int window = 0; window < 100; window++) {
      int count = (int) Math.round(10 * Math.pow(30_000, window / 99.0));
      double estimate = ofDistinct(from, count).estimate();
      within += Math.abs(estimate - count) <= 0.02 * count ? 1 : 0;
      from += count;
    }

    assertThat(within).isGreaterThanOrEqualTo(99);
  }

  /** What a sketch knows of a user are 26 bits of a hash, and how many zeros come behind them. */
  @Test
  void onePairOfTenThousandUsersLooksTheSame() {
    UserSketch users = UserSketch.empty();
    users.add("user-000713".getBytes(UTF_8));
    users.add("user-008727".getBytes(UTF_8));

    assertThat(Math.round(users.estimate())).isEqualTo(1);
  }

  @Test
  void sketchesMergeWithThoseThatTheLibraryMakesOfTheSameUsers() {
    HllSketch plain = new HllSketch(14);
    for (int i = 0; i < 20_000; i++) {
      plain.update("user-" + i);
    }
    Union both = new Union(14);
    both.update(plain);
    double alone = both.getCompositeEstimate();
    both.update(HllSketch.heapify(ofDistinct(0, 20_000).toTableBytes()));

    assertThat(both.getCompositeEstimate()).isEqualTo(alone);
  }

  @Test
  void theBytesOfASketchStayWhatTheyAre() {
    UserSketch users = UserSketch.empty();
    users.add("a".getBytes(UTF_8));
    users.add("b".getBytes(UTF_8));

    assertThat(HexFormat.of().formatHex(users.toBytes()))
        .isEqualTo("02010710030802082f823b040aff8004");
  }
}
