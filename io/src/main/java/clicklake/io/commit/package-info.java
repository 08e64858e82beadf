/**
 * The commit protocol: the ledger of covered offsets that is committed with the rows, and one
 * committer per table that decides over one snapshot.
 *
 * <p>A committer takes {@link clicklake.schemas.batch.Proposal}s that may be repeated, late or
 * lost, and covers every offset once. Nothing here knows Delta Kernel or Parquet: tables are {@link
 * clicklake.schemas.table.TableLog} and {@link clicklake.schemas.table.TableFiles}.
 */
@NullMarked
package clicklake.io.commit;

import org.jspecify.annotations.NullMarked;
