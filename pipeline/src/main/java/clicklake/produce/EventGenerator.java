package clicklake.produce;

import static java.nio.charset.StandardCharsets.UTF_8;

import clicklake.schemas.batch.Bytes;
import clicklake.schemas.contract.Action;
import clicklake.schemas.contract.RejectReason;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Records of a plan, one after the other, and the counts that a correct pipeline must find in them.
 * Not for several threads.
 *
 * <p>Time is simulated: the shopper whose click is next in time is heard, and what is late or comes
 * twice waits in a queue until its time has come. At the end the queue is emptied, so that there
 * are exactly as many records as planned. A duplicate never comes before its original.
 */
public final class EventGenerator {
  /** What kind of record it is. */
  public enum Kind {
    /** A valid event that was not there before. */
    EVENT,
    /** The same bytes as an earlier event. */
    DUPLICATE,
    /** A record that must be rejected. */
    BROKEN,
    /** No record: a line to be written as it is, without content. */
    BLANK,
    /** There is nothing more. */
    END
  }

  private static final long SECOND = 1_000_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long LATE = 2 * MINUTE;

  /** Beyond this the queue is emptied ahead of time: it must fit into memory. */
  private static final int MOST_WAITING = 65_536;

  private static final double RETURN_SHARE = 0.005;

  /** Counted in what was produced. */
  private static final double CLICKS_PER_VISIT = 5.7;

  private static final double BLANKS_PER_BROKEN = 0.1;

  private static final byte[][] BLANKS = bytes("", " ", "\t", "\r", "  \t\r");
  private static final byte[][] UNKNOWN_FIELDS =
      bytes(
          ",\"campaign\":\"spring-2024\"",
          ",\"experiment\":{\"name\":\"checkout\",\"variants\":[\"A\",\"B\"]}",
          ",\"scroll_depth\":0.75,\"cart_value\":1e2",
          ",\"email\":\"shopper@example.com\"",
          ",\"phone\":null,\"name\":\"Kim \\u00c5\"");

  /** What waits for its time: a late event or a copy of one that was already there. */
  // Never compared by its components.
  @SuppressWarnings("ArrayRecordComponent")
  private record Waiting(
      long due,
      long order,
      byte[] value,
      int user,
      Kind kind,
      long eventTime,
      Action action,
      boolean extended)
      implements Comparable<Waiting> {
    @Override
    public int compareTo(Waiting other) {
      int byTime = Long.compare(due, other.due);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final ProducePlan plan;
  private final SeededRandom dice;
  private final Bytes scratch = new Bytes(4096);
  private final EventJson json = new EventJson(scratch);
  private final RecordCorrupter breaker;
  private final PriorityQueue<Shopper> shoppers = new PriorityQueue<>();
  private final PriorityQueue<Waiting> waiting = new PriorityQueue<>();

  /* The plan's shares are of all records; chance strikes clicks, which exclude copies, and events. */
  private final double brokenPerClick;
  private final double latePerEvent;
  private final double copiesPerEvent;

  private boolean blankDue;
  private int user;
  private long order;
  private long simulated;
  private long newest = Long.MIN_VALUE;
  private long now = Long.MIN_VALUE;
  private long records;
  private long events;
  private long duplicates;
  private long late;
  private long extended;
  private long blankLines;
  private final Map<RejectReason, Long> rejects = new EnumMap<>(RejectReason.class);
  private final Map<Action, Long> actions = new EnumMap<>(Action.class);

  public EventGenerator(ProducePlan plan) {
    this.plan = plan;
    dice = new SeededRandom(plan.seed());
    breaker = new RecordCorrupter(plan, dice, scratch, json);
    double soundShare = Math.max(0.01, 1 - plan.duplicates() - plan.broken());
    brokenPerClick = plan.broken() / Math.max(0.01, 1 - plan.duplicates());
    latePerEvent = plan.late() / soundShare;
    copiesPerEvent = plan.duplicates() / soundShare;
    long start = ChronoUnit.MICROS.between(Instant.EPOCH, plan.startTime());
    simulated = start;
    for (int number = 0; number < plan.users() && plan.records() > 0; number++) {
      shoppers.add(new Shopper(number, plan.seed(), start, pauseFactor(plan), dice));
    }
  }

  /** How much longer than usual a shopper stays away, for the clicks to last the plan's days. */
  private static double pauseFactor(ProducePlan plan) {
    if (plan.days() == 0) {
      return 1;
    }
    double visits = Math.max(1, (double) plan.records() / plan.users() / CLICKS_PER_VISIT);
    double pause = plan.days() * 24.0 * HOUR / visits - Shopper.LEAST_PAUSE;
    return Math.max(0, pause / Shopper.MEAN_PAUSE);
  }

  /**
   * Appends the next record's bytes, without a line's end, to {@code out}.
   *
   * @return what it is; nothing is appended at the end
   */
  public Kind next(Bytes out) {
    if (blankDue) {
      blankDue = false;
      blankLines++;
      append(dice.pick(BLANKS), out);
      return Kind.BLANK;
    }
    if (records == plan.records()) {
      return Kind.END;
    }
    records++;
    Kind kind = take(out);
    blankDue =
        plan.form() == ProducePlan.Form.LINES && dice.chance(plan.broken() * BLANKS_PER_BROKEN);
    return kind;
  }

  private Kind take(Bytes out) {
    while (true) {
      Waiting head = waiting.peek();
      if (head != null && (mustEmpty() || head.due <= shoppers.element().time())) {
        waiting.remove();
        simulated = Math.max(simulated, head.due);
        return release(head, out);
      }
      Shopper shopper = shoppers.remove();
      simulated = Math.max(simulated, shopper.time());
      user = shopper.number();
      scratch.clear();
      Kind kind = click(shopper);
      shopper.move(dice);
      shoppers.add(shopper);
      if (kind != Kind.END) {
        out.putBytes(scratch.array(), 0, scratch.size());
        return kind;
      }
    }
  }

  /** The record being made is already counted. */
  private boolean mustEmpty() {
    return waiting.size() > plan.records() - records || waiting.size() >= MOST_WAITING;
  }

  /** Writes what a click becomes to {@link #scratch}; END if it has to wait. */
  private Kind click(Shopper shopper) {
    if (dice.chance(brokenPerClick)) {
      rejects.merge(breaker.write(shopper), 1L, Long::sum);
      return Kind.BROKEN;
    }
    boolean unknown = dice.chance(plan.unknownFields());
    json.write(
        shopper,
        shopper.version(),
        EventId.high(dice),
        EventId.low(dice),
        null,
        null,
        unknown ? dice.pick(UNKNOWN_FIELDS) : null);
    if (plan.form() == ProducePlan.Form.LINES && dice.chance(RETURN_SHARE)) {
      scratch.putByte('\r');
    }
    long eventTime = EventJson.writtenTime(shopper);
    Action action = shopper.step().action();
    if (dice.chance(latePerEvent)) {
      await(shopper.time() + lateness(), Kind.EVENT, eventTime, action, unknown);
      return Kind.END;
    }
    return arrive(Kind.EVENT, eventTime, action, unknown);
  }

  private Kind release(Waiting head, Bytes out) {
    user = head.user;
    out.putBytes(head.value, 0, head.value.length);
    if (head.kind == Kind.DUPLICATE) {
      duplicates++;
      return Kind.DUPLICATE;
    }
    append(head.value, clearedScratch());
    return arrive(Kind.EVENT, head.eventTime, head.action, head.extended);
  }

  private Bytes clearedScratch() {
    scratch.clear();
    return scratch;
  }

  /** Counts an event that comes now, and decides whether it comes again. */
  private Kind arrive(Kind kind, long eventTime, Action action, boolean unknown) {
    events++;
    actions.merge(action, 1L, Long::sum);
    if (unknown) {
      extended++;
    }
    if (eventTime + LATE < newest) {
      late++;
    }
    newest = Math.max(newest, eventTime);
    int copies = (int) copiesPerEvent + (dice.chance(copiesPerEvent % 1) ? 1 : 0);
    for (int copy = 0; copy < copies && waiting.size() < plan.records() - records; copy++) {
      await(simulated + repetition(), Kind.DUPLICATE, eventTime, action, unknown);
    }
    return kind;
  }

  private void await(long due, Kind kind, long eventTime, Action action, boolean unknown) {
    waiting.add(
        new Waiting(
            due,
            order++,
            Arrays.copyOf(scratch.array(), scratch.size()),
            user,
            kind,
            eventTime,
            action,
            unknown));
  }

  /** Most stragglers are minutes late, some hours. */
  private long lateness() {
    double which = dice.unit();
    return which < 0.6
        ? dice.between(3 * MINUTE, 30 * MINUTE)
        : which < 0.9 ? dice.between(30 * MINUTE, 6 * HOUR) : dice.between(6 * HOUR, 20 * HOUR);
  }

  /** Most repetitions come within a minute, as of a client that tries again; some days later. */
  private long repetition() {
    double which = dice.unit();
    return which < 0.7
        ? dice.between(0, MINUTE)
        : which < 0.9 ? dice.between(MINUTE, 3 * HOUR) : dice.between(3 * HOUR, 48 * HOUR);
  }

  /** The user_id of the shopper whom the last record is about: Kafka's key. */
  public byte[] key() {
    return EventJson.userId(user);
  }

  /** The simulated time of the last record; no event_time so far is later, unless it is broken. */
  public Instant time() {
    return Instant.EPOCH.plus(simulated, ChronoUnit.MICROS);
  }

  /**
   * Lets nothing out before its time.
   *
   * @throws IOException if simulated time has overtaken the clock: an event_time after arrival
   *     makes a good record a bad one
   */
  void refuseFuture(Clock clock) throws IOException {
    if (simulated > now) {
      now = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
      if (simulated > now) {
        throw new IOException(
            "the clicks of "
                + plan.users()
                + " users have reached "
                + time()
                + ", which is still to come; use more --users or an earlier --startTime");
      }
    }
  }

  /** What has come so far. */
  public ProducedCounts counts() {
    return new ProducedCounts(
        records, events, duplicates, late, extended, blankLines, rejects, actions);
  }

  private static void append(byte[] bytes, Bytes out) {
    out.putBytes(bytes, 0, bytes.length);
  }

  private static byte[][] bytes(String... texts) {
    return Arrays.stream(texts).map(text -> text.getBytes(UTF_8)).toArray(byte[][]::new);
  }
}
