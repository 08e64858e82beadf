/**
 * The job as a process that is killed, frozen, doubled and cut off, against a real broker.
 *
 * <p>A job has nothing but the lake to go on from. {@link clicklake.crash.LakeContents} reads the
 * tables from the Delta log and the Parquet files, without the code that wrote them, and compares
 * them with the topic position by position.
 */
@NullMarked
package clicklake.crash;

import org.jspecify.annotations.NullMarked;
