/** The star schema: facts and the dimensions that are derived from events. */
@NullMarked
package clicklake.transforms.gold.star;

import org.jspecify.annotations.NullMarked;
