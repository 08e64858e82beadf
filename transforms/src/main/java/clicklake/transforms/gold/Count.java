package clicklake.transforms.gold;

/** How many there are of something. */
final class Count {
  private long number;

  void add(long more) {
    number += more;
  }

  long number() {
    return number;
  }
}
