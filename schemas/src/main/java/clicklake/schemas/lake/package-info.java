/**
 * What the transforms ask of the lake: places to write a bundle's rows, and the ids that silver
 * already holds. The transforms know only these ports; Delta Lake answers them.
 */
@NullMarked
package clicklake.schemas.lake;

import org.jspecify.annotations.NullMarked;
