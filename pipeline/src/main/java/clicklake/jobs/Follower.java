package clicklake.jobs;

import clicklake.schemas.table.LakeException;
import java.io.PrintStream;

/**
 * Something that keeps tables, or another system, up to date with the lake while a stream fills it.
 *
 * <p>Beside a continuous pipeline it has a thread of its own, in which it follows until it is
 * stopped. Where the stream runs in rounds, it is called between them. A follower keeps no state
 * that the next start needs: it may be stopped or killed at any moment, and catches up.
 */
public interface Follower {

  /**
   * Refreshes again and again until {@link #stop()} or an interrupt.
   *
   * @throws LakeException if a table cannot be read or written, or is not ours
   */
  void follow();

  /**
   * Refreshes once, unless the last refresh was too short a while ago: between two rounds.
   *
   * @throws LakeException if a table cannot be read or written, or is not ours
   */
  void refreshIfDue();

  /**
   * Refreshes once: at the end of a run that takes what is there now.
   *
   * @throws LakeException if a table cannot be read or written, or is not ours
   */
  void refresh();

  /** Ends {@link #follow()} after the refresh that is under way; returns at once. */
  void stop();

  /** Prints what the last refresh did, if people should see that at the end of a run. */
  default void print(PrintStream out) {}
}
