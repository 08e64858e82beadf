/**
 * Whole runs of the program against a model of what a lake must hold. {@link
 * clicklake.flow.SequentialLake} says it, record after record and without the production code that
 * decides; {@link clicklake.flow.LakeReader} reads what is there, without the production code that
 * writes. The property {@code clicklake.runner} chooses the runner.
 */
@NullMarked
package clicklake.flow;

import org.jspecify.annotations.NullMarked;
