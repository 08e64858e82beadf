package clicklake.transforms.gold.session;

import clicklake.transforms.gold.table.SilverEvent;

/**
 * Events of one user with no pause of more than 30 minutes between them, or some of them.
 *
 * @param start event_time of the first, in microseconds since 1970
 * @param end event_time of the last
 * @param entryId the first event: lowest id of those at the start
 * @param entryPage its page
 * @param exitId the last event: highest id of those at the end
 * @param exitPage its page
 * @param events how many
 * @param purchases how many of them are purchases
 */
public record Session(
    long start,
    long end,
    String entryId,
    String entryPage,
    String exitId,
    String exitPage,
    long events,
    long purchases) {

  /** A single event. */
  public static Session of(SilverEvent event) {
    String id = event.eventId();
    String page = event.page();
    return new Session(
        event.micros(), event.micros(), id, page, id, page, 1, event.isPurchase() ? 1 : 0);
  }

  /** Both as one; whether they belong together is the caller's to know. */
  public Session with(Session other) {
    boolean othersEntry =
        other.start < start || other.start == start && other.entryId.compareTo(entryId) < 0;
    boolean othersExit = other.end > end || other.end == end && other.exitId.compareTo(exitId) > 0;
    return new Session(
        Math.min(start, other.start),
        Math.max(end, other.end),
        othersEntry ? other.entryId : entryId,
        othersEntry ? other.entryPage : entryPage,
        othersExit ? other.exitId : exitId,
        othersExit ? other.exitPage : exitPage,
        events + other.events,
        purchases + other.purchases);
  }
}
