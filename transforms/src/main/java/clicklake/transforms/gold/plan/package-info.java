/**
 * What a refresh of gold has to do: every gold table with its aggregation, what changed in silver
 * since a table's commit, and which files have to be read and replaced.
 */
@NullMarked
package clicklake.transforms.gold.plan;

import org.jspecify.annotations.NullMarked;
