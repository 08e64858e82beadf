/** Compares the rows of a gold table with the same table recomputed from silver. */
@NullMarked
package clicklake.transforms.gold.verify;

import org.jspecify.annotations.NullMarked;
