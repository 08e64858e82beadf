/**
 * The job as a process that is killed, frozen, doubled and cut off on one runner and goes on on
 * another, against a real broker.
 *
 * <p>A {@link clicklake.crash.Life} is a lake with its topic and all that is done to them; {@link
 * clicklake.crash.KillStories} has the stories. At the end of each {@link
 * clicklake.crash.LakeContents} reads the tables from the Delta log and the Parquet files, without
 * the code that wrote them, and compares them with the topic position by position; the sequential
 * model compares them column by column; and the program's own verify must agree.
 */
@NullMarked
package clicklake.crash;

import org.jspecify.annotations.NullMarked;
