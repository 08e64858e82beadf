/**
 * What the transforms ask of the lake: writers for a bundle's rows, readers of tables, the ids that
 * silver holds, and what the tables cover of a source. The transforms know only these ports.
 */
@NullMarked
package clicklake.schemas.lake;

import org.jspecify.annotations.NullMarked;
