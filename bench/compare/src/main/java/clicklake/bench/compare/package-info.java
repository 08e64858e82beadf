/**
 * Runs Clicklake and its peers on the same events, in turn, checks what each wrote, and says what
 * each took.
 */
@NullMarked
package clicklake.bench.compare;

import org.jspecify.annotations.NullMarked;
