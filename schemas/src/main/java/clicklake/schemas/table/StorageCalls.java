package clicklake.schemas.table;

import java.util.List;

/**
 * How calls to a storage that do not depend on each other are made: in turn where an answer takes
 * microseconds, side by side where each waits for a network.
 */
@FunctionalInterface
public interface StorageCalls {
  /** One after the other, by the caller's thread. */
  StorageCalls IN_TURN = calls -> calls.forEach(Runnable::run);

  /**
   * Makes all calls and returns when the last has ended.
   *
   * @throws RuntimeException what one of them threw, after all have ended
   */
  void makeAll(List<Runnable> calls);
}
