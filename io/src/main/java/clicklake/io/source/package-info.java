/**
 * What the sources have in common: settings, the runner's checkpoint, and the tracker of what is in
 * flight.
 *
 * <p>A reader starts at the lake's coverage. Each batch carries the exact offset range that it
 * covers. A reader pauses when it is too far ahead of the lake, and goes back when the lake stands
 * still behind it. A runner's checkpoint only saves work.
 */
@NullMarked
package clicklake.io.source;

import org.jspecify.annotations.NullMarked;
