/**
 * {@link clicklake.io.append.DeltaIO}: appends any records with offsets to a Delta table, each
 * exactly once.
 */
@NullMarked
package clicklake.io.append;

import org.jspecify.annotations.NullMarked;
