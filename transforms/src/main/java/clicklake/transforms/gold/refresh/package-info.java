/**
 * The refresh of gold: what changed in silver since a table's commit, which files have to be read
 * and replaced, their new content, and one commit per table that names the versions it was computed
 * from.
 */
@NullMarked
package clicklake.transforms.gold.refresh;

import org.jspecify.annotations.NullMarked;
