/**
 * The data contract of click events in code: the closed sets of values and the reasons for which a
 * record is refused. The contract itself, as JSON Schema, Avro and ODCS, lies beside it as
 * resources.
 */
@NullMarked
package clicklake.schemas.contract;

import org.jspecify.annotations.NullMarked;
