/**
 * The refresh of gold carried out: the new content of the files of a plan, and one commit per table
 * that names the versions it was computed from.
 */
@NullMarked
package clicklake.transforms.gold.refresh;

import org.jspecify.annotations.NullMarked;
