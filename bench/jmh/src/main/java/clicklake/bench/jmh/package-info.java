/** What the parts of the data path cost by themselves, an event at a time. */
@NullMarked
package clicklake.bench.jmh;

import org.jspecify.annotations.NullMarked;
