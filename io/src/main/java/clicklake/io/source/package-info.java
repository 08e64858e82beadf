/**
 * What the sources have in common: settings, the runner's mark, and the tracker of what is in
 * flight.
 *
 * <p>A reader starts where the lake says, hands out batches stamped with the exact run of positions
 * they cover, does not run ahead of the lake without limit, and goes back when the lake stands
 * still behind it. A runner's mark only saves work.
 */
@NullMarked
package clicklake.io.source;

import org.jspecify.annotations.NullMarked;
