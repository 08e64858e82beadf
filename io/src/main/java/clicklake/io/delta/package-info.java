/**
 * Delta logs: {@link clicklake.io.delta.KernelTableLog} puts versions into a log atomically. Only
 * this package touches Delta Kernel's tables.
 */
@NullMarked
package clicklake.io.delta;

import org.jspecify.annotations.NullMarked;
