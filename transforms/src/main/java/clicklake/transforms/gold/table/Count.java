package clicklake.transforms.gold.table;

/** How many there are of something. */
public final class Count {
  private long number;

  public void add(long more) {
    number += more;
  }

  public long number() {
    return number;
  }
}
