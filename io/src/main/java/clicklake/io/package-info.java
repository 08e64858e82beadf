/**
 * Everything that speaks to the outside: sources in {@code landing} and {@code kafka}, the lake in
 * {@code delta}. Nothing here knows the rules of an event. Failures of a source are {@link
 * clicklake.io.SourceException}s: one line that names the operation, the thing and the remedy.
 */
@NullMarked
package clicklake.io;

import org.jspecify.annotations.NullMarked;
