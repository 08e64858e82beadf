/** Small programs that show how to use {@link clicklake.io.delta.DeltaIO} on its own. */
@NullMarked
package clicklake.io.examples;

import org.jspecify.annotations.NullMarked;
