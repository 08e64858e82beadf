/** Named moments at which tests stop a process. */
@NullMarked
package clicklake.schemas.fault;

import org.jspecify.annotations.NullMarked;
