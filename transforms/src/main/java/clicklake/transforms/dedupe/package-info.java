/**
 * Separates events from copies of events.
 *
 * <p>What is decided here is a proposal: silver's committer checks it again. So the cache of
 * silver's ids may be lost, stale or duplicated in another process without harm.
 */
@NullMarked
package clicklake.transforms.dedupe;

import org.jspecify.annotations.NullMarked;
