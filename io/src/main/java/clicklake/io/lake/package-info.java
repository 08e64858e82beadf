/**
 * A feed of a lake: bronze, silver and quarantine as the pipeline writes them, what they cover, and
 * the step that commits them together.
 */
@NullMarked
package clicklake.io.lake;

import org.jspecify.annotations.NullMarked;
