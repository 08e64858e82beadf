package clicklake.transforms.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import clicklake.schemas.contract.Action;
import clicklake.transforms.gold.minute.UserSketch;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.util.VarInt;

/**
 * What happened in a minute of event time, of some of its events: how many by action, logins by
 * source, and the users. Adding is associative and commutative, so parts may come in any order and
 * portions. Adding to it, copying it and writing it down may be done by several threads.
 */
public final class MinuteFigures {
  private static final int ACTIONS = Action.values().length;

  private static final int MAX_SOURCES = 1_000;
  private static final int MAX_SOURCE_LENGTH = 200;
  private static final long NO_MINUTE = Long.MIN_VALUE;

  private long minute;
  private final long[] events = new long[ACTIONS];
  private final long[] late = new long[ACTIONS];
  private final TreeMap<String, Counts> logins = new TreeMap<>();
  private final UserSketch users = UserSketch.empty();

  /** Events, and how many of them came too late: after the minute's end and the lateness. */
  public record Counts(long events, long late) {
    Counts plus(long moreEvents, long moreLate) {
      return new Counts(events + moreEvents, late + moreLate);
    }
  }

  /**
   * Of no events.
   *
   * @param minute its start, in microseconds since 1970
   */
  public MinuteFigures(long minute) {
    this.minute = minute;
  }

  /** Of no events, and of the minute of those that are added first. */
  static MinuteFigures ofNoMinute() {
    return new MinuteFigures(NO_MINUTE);
  }

  /** Start of the minute, in microseconds since 1970. */
  public long minute() {
    return minute;
  }

  /** Adds events of an action. */
  public synchronized void addEvents(Action action, long number, long tooLate) {
    events[action.ordinal()] += number;
    late[action.ordinal()] += tooLate;
  }

  /** Adds logins of a source; they are events of the action login besides. */
  public synchronized void addLogins(String source, long number, long tooLate) {
    logins.merge(
        source,
        new Counts(number, tooLate),
        (before, more) -> before.plus(more.events(), more.late()));
  }

  /**
   * The same for panes, which must not grow with what clients make up: sources with long names, or
   * beyond a thousand, are left out until the minute is silver's.
   */
  synchronized void addLoginsOfFew(String source, long number, long tooLate) {
    if (source.length() <= MAX_SOURCE_LENGTH
        && (logins.size() < MAX_SOURCES || logins.containsKey(source))) {
      addLogins(source, number, tooLate);
    }
  }

  /**
   * Adds a user.
   *
   * @param userId UTF-8, not empty
   */
  public synchronized void addUser(byte[] userId) {
    users.add(userId);
  }

  public synchronized void addUsers(UserSketch more) {
    users.addAll(more);
  }

  /** Adds other events of the same minute; the other figures stay as they are. */
  public synchronized void add(MinuteFigures other) {
    addWithoutLogins(other);
    other.logins.forEach((source, counts) -> addLogins(source, counts.events(), counts.late()));
  }

  /** The same for panes; see {@link #addLoginsOfFew}. */
  synchronized void addOfFew(MinuteFigures other) {
    addWithoutLogins(other);
    other.logins.forEach(
        (source, counts) -> addLoginsOfFew(source, counts.events(), counts.late()));
  }

  private void addWithoutLogins(MinuteFigures other) {
    if (minute == NO_MINUTE) {
      minute = other.minute;
    }
    for (int i = 0; i < ACTIONS; i++) {
      events[i] += other.events[i];
      late[i] += other.late[i];
    }
    users.addAll(other.users);
  }

  /** These and others together; both stay as they are. */
  public MinuteFigures plus(MinuteFigures other) {
    MinuteFigures sum = copy();
    sum.add(other);
    return sum;
  }

  /** The same figures, which stay as they are now. */
  synchronized MinuteFigures copy() {
    MinuteFigures copy = new MinuteFigures(minute);
    copy.add(this);
    return copy;
  }

  /** The users of the minute, and no events. */
  MinuteFigures usersAlone() {
    MinuteFigures alone = new MinuteFigures(minute);
    alone.users.addAll(users);
    return alone;
  }

  /** Events of an action. */
  public Counts events(Action action) {
    return new Counts(events[action.ordinal()], late[action.ordinal()]);
  }

  /** Logins by source. */
  public Map<String, Counts> logins() {
    return Collections.unmodifiableMap(logins);
  }

  /** Who was there. */
  public UserSketch users() {
    return users;
  }

  /** Whether there was no event. */
  public boolean isEmpty() {
    return Arrays.stream(events).allMatch(number -> number == 0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MinuteFigures figures
        && minute == figures.minute
        && Arrays.equals(events, figures.events)
        && Arrays.equals(late, figures.late)
        && logins.equals(figures.logins)
        && Arrays.equals(users.toBytes(), figures.users.toBytes());
  }

  @Override
  public int hashCode() {
    return Long.hashCode(minute) * 31 + Arrays.hashCode(events);
  }

  @Override
  public String toString() {
    return "minute " + minute + ": " + Arrays.toString(events) + ", logins " + logins;
  }

  /** Between workers. */
  public static final class FiguresCoder extends AtomicCoder<MinuteFigures> {
    private static final long serialVersionUID = 1L;
    private static final FiguresCoder INSTANCE = new FiguresCoder();

    private FiguresCoder() {}

    public static FiguresCoder of() {
      return INSTANCE;
    }

    @Override
    public void encode(MinuteFigures value, OutputStream stream) throws IOException {
      synchronized (value) {
        write(value, new DataOutputStream(stream));
      }
    }

    private static void write(MinuteFigures value, DataOutputStream out) throws IOException {
      out.writeLong(value.minute);
      for (int i = 0; i < ACTIONS; i++) {
        VarInt.encode(value.events[i], out);
        VarInt.encode(value.late[i], out);
      }
      VarInt.encode(value.logins.size(), out);
      for (Map.Entry<String, Counts> login : value.logins.entrySet()) {
        write(login.getKey().getBytes(UTF_8), out);
        VarInt.encode(login.getValue().events(), out);
        VarInt.encode(login.getValue().late(), out);
      }
      write(value.users.toPlainBytes(), out);
    }

    @Override
    public MinuteFigures decode(InputStream stream) throws IOException {
      DataInputStream in = new DataInputStream(stream);
      MinuteFigures value = new MinuteFigures(in.readLong());
      for (int i = 0; i < ACTIONS; i++) {
        value.events[i] = VarInt.decodeLong(in);
        value.late[i] = VarInt.decodeLong(in);
      }
      int sources = VarInt.decodeInt(in);
      for (int i = 0; i < sources; i++) {
        String source = new String(read(in), UTF_8);
        value.addLogins(source, VarInt.decodeLong(in), VarInt.decodeLong(in));
      }
      value.addUsers(UserSketch.ofPlain(read(in)));
      return value;
    }

    private static void write(byte[] bytes, DataOutputStream out) throws IOException {
      VarInt.encode(bytes.length, out);
      out.write(bytes);
    }

    private static byte[] read(DataInputStream in) throws IOException {
      byte[] bytes = new byte[VarInt.decodeInt(in)];
      in.readFully(bytes);
      return bytes;
    }

    @Override
    public void verifyDeterministic() {}
  }
}
