package clicklake.transforms.gold.star;

/** How many events there are of something, and when the first and the last of them happened. */
final class Activity {
  private long events;
  private long firstSeen = Long.MAX_VALUE;
  private long lastSeen = Long.MIN_VALUE;

  /** Adds an event, by its event_time in microseconds since 1970. */
  void addEvent(long micros) {
    add(1, micros, micros);
  }

  /** Adds events of which only the first and the last time are known. */
  void add(long moreEvents, long otherFirstSeen, long otherLastSeen) {
    events += moreEvents;
    firstSeen = Math.min(firstSeen, otherFirstSeen);
    lastSeen = Math.max(lastSeen, otherLastSeen);
  }

  long events() {
    return events;
  }

  /** Microseconds since 1970; the largest number if there are no events. */
  long firstSeen() {
    return firstSeen;
  }

  /** Microseconds since 1970; the smallest number if there are no events. */
  long lastSeen() {
    return lastSeen;
  }
}
