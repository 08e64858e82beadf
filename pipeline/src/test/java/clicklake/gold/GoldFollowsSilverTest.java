package clicklake.gold;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.protocol.SilverTable;
import clicklake.schemas.table.EventTables;
import clicklake.transforms.gold.plan.Aggregations;
import clicklake.transforms.gold.table.GoldTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/**
 * Whatever happens to silver, and wherever refreshes are killed or overtaken: once a refresh came
 * to its end, every gold table is what {@link GoldModel} makes of silver's events.
 */
class GoldFollowsSilverTest {
  private static final Duration LATENESS = Duration.ofMinutes(2);
  private static final List<GoldTable> TABLES = Aggregations.ALL;
  private static final long MIDNIGHT =
      Instant.parse("2024-02-29T00:00:00Z").getEpochSecond() * 1_000_000;
  private static final long MINUTE = 60_000_000;

  /** Differences that decide: within a minute, on its edge, at and just over the longest pause. */
  private static final long[] STEPS = {
    0, 1, 999, MINUTE - 1, MINUTE, 29 * MINUTE, 30 * MINUTE, 30 * MINUTE + 1, 61 * MINUTE
  };

  private static final String[] ACTIONS = {
    "view", "click", "add_to_cart", "purchase", "login", "logout"
  };

  @Property(tries = 25, shrinking = ShrinkingMode.OFF)
  void goldIsAFunctionOfSilver(@ForAll long seed, @ForAll @IntRange(min = 4, max = 12) int steps)
      throws IOException {
    Path lake = Files.createTempDirectory("gold");
    try {
      new Story(lake, new Random(seed)).play(steps);
    } finally {
      delete(lake);
    }
  }

  /** A commit's checksum is written by another thread, and may still come while others go. */
  private static void delete(Path folder) throws IOException {
    while (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      } catch (DirectoryNotEmptyException | UncheckedIOException changed) {
        // Once more, with what came or went meanwhile.
      }
    }
  }

  /** What happens to one lake. */
  private static final class Story {
    private final Random random;
    private final SilverTable silver;
    private final Refresher refresher;
    private final List<GoldModel.Event> events = new ArrayList<>();
    private final List<Refresher.Written> slow = new ArrayList<>();
    private long time = MIDNIGHT - 50 * MINUTE;

    Story(Path lake, Random random) {
      this.random = random;
      this.silver = new SilverTable(lake);
      this.refresher = new Refresher(lake, TABLES, LATENESS, 1 + random.nextInt(3));
    }

    void play(int steps) throws IOException {
      add();
      for (int i = 0; i < steps; i++) {
        step();
      }
      refreshAndCompare();
    }

    private void step() throws IOException {
      switch (random.nextInt(14)) {
        case 0 -> remove();
        case 1 -> {
          silver.optimize(EventTables.SILVER_EVENTS);
          if (random.nextBoolean()) {
            silver.vacuum(EventTables.SILVER_EVENTS);
          }
        }
        case 2 -> optimizeGold();
        case 3 -> refresher.write().ifPresent(this::commitSome);
        case 4 -> {
          Optional<Refresher.Written> killed = refresher.write();
          if (killed.isPresent()) {
            commitSomeAndOptimize(killed.get());
          }
        }
        case 5 -> refresher.write().ifPresent(slow::add);
        case 6 -> slow.forEach(this::commitSome);
        case 7, 8 -> refreshAndCompare();
        case 9, 10 -> overtake();
        default -> add();
      }
    }

    /** A refresh that is killed on its way, or one that comes too late. */
    private void commitSome(Refresher.Written written) {
      refresher.commit(written, random.nextInt(TABLES.size() + 1));
    }

    /** A killed refresh, and then a version of silver that brings nothing. */
    private void commitSomeAndOptimize(Refresher.Written written) throws IOException {
      commitSome(written);
      silver.optimize(EventTables.SILVER_EVENTS);
      refreshAndCompare();
    }

    /** Two refreshes at once, of which the quicker may know more. */
    private void overtake() {
      Optional<Refresher.Written> slower = refresher.write();
      if (random.nextBoolean()) {
        add();
      }
      refresher.refresh();
      slower.ifPresent(written -> refresher.commit(written, TABLES.size()));
      refreshAndCompare();
    }

    private void optimizeGold() throws IOException {
      GoldTable table = TABLES.get(random.nextInt(TABLES.size()));
      if (silver.version(table.schema()) >= 0) {
        silver.optimize(table.schema());
      }
    }

    private void remove() {
      if (events.isEmpty()) {
        return;
      }
      LocalDate date = date(events.get(random.nextInt(events.size())));
      silver.remove(date.toString());
      events.removeIf(event -> date(event).equals(date));
    }

    private void add() {
      List<GoldModel.Event> more =
          Stream.generate(this::event).limit(1 + random.nextInt(40)).toList();
      silver.add(more);
      events.addAll(more);
    }

    private GoldModel.Event event() {
      if (random.nextInt(8) == 0) {
        // Late, or early: anywhere near the others.
        time = MIDNIGHT - 50 * MINUTE + random.nextInt(3 * 24 * 60) * MINUTE;
      }
      time += STEPS[random.nextInt(STEPS.length)];
      boolean product = random.nextBoolean();
      boolean price = product && random.nextBoolean();
      return new GoldModel.Event(
          new UUID(random.nextLong(), random.nextLong()).toString(),
          time,
          "u" + random.nextInt(4),
          ACTIONS[random.nextInt(ACTIONS.length)],
          oneOf("/", "/a", "/é", "/😀", "/\uFFFD"),
          orNull("web", "app"),
          orNull("mobile", "desktop"),
          orNull("DE", "FR"),
          orNull("s1", "s2"),
          product ? oneOf("p1", "p2", "p3") : null,
          random.nextBoolean() ? random.nextInt(5) + 1 : null,
          price ? BigDecimal.valueOf(random.nextInt(100_000), 4) : null,
          price ? orNull("EUR", "EUR", "EUR", "USD") : null,
          arrival(),
          MIDNIGHT + random.nextInt(1_000_000));
    }

    /** In time, on the edge of lateness, or beyond it. */
    private long arrival() {
      long edge = Math.floorDiv(time, MINUTE) * MINUTE + MINUTE + LATENESS.toMillis() * 1000;
      return edge + (random.nextInt(3) - 1) * (random.nextBoolean() ? 1L : 3 * MINUTE);
    }

    private String oneOf(String... texts) {
      return texts[random.nextInt(texts.length)];
    }

    private @Nullable String orNull(String... texts) {
      return random.nextInt(3) == 0 ? null : oneOf(texts);
    }

    private void refreshAndCompare() {
      refresher.refresh();
      Map<String, List<String>> model = GoldModel.tables(events, LATENESS);
      for (GoldTable table : TABLES) {
        assertThat(silver.rows(table))
            .as(table.path())
            .containsExactlyInAnyOrderElementsOf(model.getOrDefault(table.path(), List.of()));
      }
    }

    private static LocalDate date(GoldModel.Event event) {
      return Instant.EPOCH
          .plus(event.eventTime(), ChronoUnit.MICROS)
          .atZone(ZoneOffset.UTC)
          .toLocalDate();
    }
  }
}
