/** How a process ends: signals, exit codes, and a failure in one line. */
@NullMarked
package clicklake.console;

import org.jspecify.annotations.NullMarked;
