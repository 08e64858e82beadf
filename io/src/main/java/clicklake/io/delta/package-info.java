/**
 * Exactly-once Delta tables: data files, the ledger of covered positions that is committed with
 * them, and the one committer per table that decides.
 *
 * <p>The lower half knows nothing of events: {@link clicklake.io.delta.TableLog} puts versions into
 * a Delta log atomically, {@link clicklake.io.delta.TableFiles} writes and reads Parquet, and a
 * committer takes {@link clicklake.schemas.batch.DataFile}s that may be repeated, late or lost, and
 * covers every position once. Only this package touches Delta Kernel.
 */
@NullMarked
package clicklake.io.delta;

import org.jspecify.annotations.NullMarked;
