/** The pipeline: which steps there are, and in which order. */
@NullMarked
package clicklake.pipeline;

import org.jspecify.annotations.NullMarked;
