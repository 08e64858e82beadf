package clicklake.transforms.live;

/**
 * Which of two rows of one key is the newer: the one with the higher number. In a number of 63
 * bits, from the highest on:
 *
 * <pre>
 *  7 bits  generation: how often everything was written again
 *  1 bit   whether the row is final: silver's own figure
 * 31 bits  version of silver: of the figure itself, or of the base that a pane is added to
 * 24 bits  number of the pane
 * </pre>
 *
 * <p>So a final row stands above every pane, and a later final row above an earlier one; panes of a
 * run that began on a later version of silver stand above those of an earlier run, however long
 * that one, woken again, goes on. docs/decisions/0008 argues that no more is needed.
 */
public final class RowVersion {
  public static final int MAX_GENERATION = 127;
  private static final int PANE_BITS = 24;
  private static final int SILVER_BITS = 31;
  private static final int FINAL_BIT = PANE_BITS + SILVER_BITS;
  private static final int GENERATION_SHIFT = FINAL_BIT + 1;
  private static final long MAX_PANE = (1L << PANE_BITS) - 1;
  private static final long MAX_SILVER = (1L << SILVER_BITS) - 1;

  private RowVersion() {}

  /**
   * Of a pane.
   *
   * @param silverVersion of the base; -1 for a lake without silver
   * @param pane its number; one beyond the highest counts as the highest
   */
  public static long ofPane(int generation, long silverVersion, long pane) {
    return base(generation, silverVersion) | Math.min(pane, MAX_PANE);
  }

  /** Of silver's own figure. */
  public static long ofFinal(int generation, long silverVersion) {
    return base(generation, silverVersion) | 1L << FINAL_BIT;
  }

  /** Of a row of a table that has no panes: the table's own version. */
  public static long ofTable(int generation, long version) {
    check(generation);
    return (long) generation << GENERATION_SHIFT | version;
  }

  private static long base(int generation, long silverVersion) {
    check(generation);
    if (silverVersion < -1 || silverVersion >= MAX_SILVER) {
      throw new IllegalArgumentException("no version of silver: " + silverVersion);
    }
    // A lake without silver comes before version 0.
    return (long) generation << GENERATION_SHIFT | silverVersion + 1 << PANE_BITS;
  }

  private static void check(int generation) {
    if (generation < 0 || generation > MAX_GENERATION) {
      throw new IllegalArgumentException("no generation: " + generation);
    }
  }
}
