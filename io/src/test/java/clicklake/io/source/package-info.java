/** Stand-ins that the tests of all sources share: a lake in memory, a clock set by hand. */
@NullMarked
package clicklake.io.source;

import org.jspecify.annotations.NullMarked;
