/**
 * Telling events from copies of events.
 *
 * <p>What is decided here is a proposal: silver's committer checks it again. The cache of silver's
 * ids that it rests on may be lost, old or doubled without harm.
 */
@NullMarked
package clicklake.transforms.dedupe;

import org.jspecify.annotations.NullMarked;
