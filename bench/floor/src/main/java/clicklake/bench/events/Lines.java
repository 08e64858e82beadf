package clicklake.bench.events;

/** Where lines end. */
public final class Lines {
  private Lines() {}

  /**
   * Index of the next line feed, or {@code end}.
   *
   * @param in with {@link Event#PADDING} readable bytes behind {@code end}
   */
  public static int end(byte[] in, int from, int end) {
    return SliceReader.lineEnd(in, from, end);
  }
}
