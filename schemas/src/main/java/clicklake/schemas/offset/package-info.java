/**
 * Where a record came from: a partition of a source and its offset, and sets of offsets as ranges.
 * What a table covers of a source, and what a proposal adds to that, is written in these terms.
 */
@NullMarked
package clicklake.schemas.offset;

import org.jspecify.annotations.NullMarked;
