package clicklake.pipeline;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the pipeline collects elements before it passes them on together, at the two places
 * where it does. Longer delays make fewer and larger files, and rows become visible later.
 *
 * @param shard how long events of a shard are collected before they are written to a file; null for
 *     until the input ends
 * @param commit how long proposals are collected before they are committed together; null for until
 *     the input ends
 */
public record BatchingDelays(@Nullable Duration shard, @Nullable Duration commit) {

  /** Everything is passed on when the input, which must be bounded, has ended. */
  public static final BatchingDelays UNTIL_INPUT_ENDS = new BatchingDelays(null, null);
}
