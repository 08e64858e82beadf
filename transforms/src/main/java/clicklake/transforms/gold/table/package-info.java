/**
 * What a gold table is: its columns and files ({@link clicklake.transforms.gold.table.GoldTable}),
 * and how events and rows add up to its rows ({@link clicklake.transforms.gold.table.Aggregation}).
 *
 * <p>An aggregation is plain Java. Adding is associative and commutative, so the rows are the same
 * however silver's rows are spread over files and workers, and a refresh may add new events to
 * existing rows.
 */
@NullMarked
package clicklake.transforms.gold.table;

import org.jspecify.annotations.NullMarked;
