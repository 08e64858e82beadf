/**
 * What committers look up in the tables beyond the ledgers: which rows stand for an event, which
 * events the last commits added, which positions bronze has rows at. Answers are kept in memory for
 * as long as they hold.
 */
@NullMarked
package clicklake.io.lookup;

import org.jspecify.annotations.NullMarked;
