/** Reads options: command line, environment, YAML, and the defaults of a runner. */
@NullMarked
package clicklake.options.read;

import org.jspecify.annotations.NullMarked;
