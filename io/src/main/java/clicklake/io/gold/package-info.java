/**
 * Gold's side of the lake: what a refresh has to read and write, the commit of what it wrote, and
 * the comparison of two versions of a table.
 */
@NullMarked
package clicklake.io.gold;

import org.jspecify.annotations.NullMarked;
