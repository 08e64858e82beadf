/** The command line. */
@NullMarked
package clicklake;

import org.jspecify.annotations.NullMarked;
