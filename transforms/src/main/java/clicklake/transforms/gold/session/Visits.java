package clicklake.transforms.gold.session;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * The sessions of one user: events, or sessions of some of them, are joined as long as no pause
 * between two is longer than the gap.
 *
 * <p>Sessions are the connected components of events that lie within the gap of each other. To add
 * a component of some events joins what it reaches and leaves the rest, so the result is the same
 * in any order and from any parts.
 */
public final class Visits {
  private final long gap;
  private final TreeMap<Long, Session> byStart = new TreeMap<>();

  /**
   * @param gap the longest pause within a session, in microseconds
   */
  public Visits(long gap) {
    this.gap = gap;
  }

  public void add(Session session) {
    Session joined = session;
    Map.Entry<Long, Session> before = byStart.floorEntry(joined.start());
    if (before != null && joined.start() - before.getValue().end() <= gap) {
      joined = before.getValue().with(joined);
    }
    Map.Entry<Long, Session> after = byStart.higherEntry(joined.start());
    while (after != null && after.getKey() - joined.end() <= gap) {
      joined = joined.with(after.getValue());
      byStart.remove(after.getKey());
      after = byStart.higherEntry(joined.start());
    }
    byStart.put(joined.start(), joined);
  }

  /** In the order of their start. */
  public Collection<Session> sessions() {
    return byStart.values();
  }
}
