/**
 * What travels between the steps of the pipeline: batches, not single records.
 *
 * <p>A {@link clicklake.schemas.batch.RawBatch} is a block of records of one source partition,
 * stamped with the exact range of offsets that it covers. An {@link
 * clicklake.schemas.batch.EventBatch} holds parsed events of one shard in an encoding that is read
 * in place. A {@link clicklake.schemas.batch.Proposal} proposes a written file, or mere coverage,
 * to a table's committer. Each has a coder whose bytes are fixed by a test, because encoded values
 * outlive the code that wrote them.
 */
@NullMarked
package clicklake.schemas.batch;

import org.jspecify.annotations.NullMarked;
