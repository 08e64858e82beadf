/**
 * What the gold tables hold, as functions of silver's rows.
 *
 * <p>A {@link clicklake.transforms.gold.Mart} is plain Java: a table, and the rows that a summary
 * gives. Summaries form a commutative monoid with bytes of their own, so that however silver's rows
 * are spread over files and workers, the tables come out the same. Beam only carries the summaries
 * from where files are read to where rows are written.
 */
@NullMarked
package clicklake.transforms.gold;

import org.jspecify.annotations.NullMarked;
