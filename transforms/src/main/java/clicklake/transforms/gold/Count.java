package clicklake.transforms.gold;

/** A number of events. */
final class Count {
  private long events;

  void add(long more) {
    events += more;
  }

  long events() {
    return events;
  }
}
