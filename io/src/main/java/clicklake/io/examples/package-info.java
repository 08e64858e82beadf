/** Small programs that show how to use {@link clicklake.io.append.DeltaIO} on its own. */
@NullMarked
package clicklake.io.examples;

import org.jspecify.annotations.NullMarked;
