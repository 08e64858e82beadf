/** What all transforms share: the names of their counters. */
@NullMarked
package clicklake.transforms;

import org.jspecify.annotations.NullMarked;
