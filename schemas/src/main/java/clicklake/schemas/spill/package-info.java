/** Where what does not fit the heap goes: temporary files, of which nothing outlives a process. */
@NullMarked
package clicklake.schemas.spill;

import org.jspecify.annotations.NullMarked;
