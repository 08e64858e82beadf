/** The jobs of the command line: each runs pipelines or looks at tables, and reports. */
@NullMarked
package clicklake.jobs;

import org.jspecify.annotations.NullMarked;
