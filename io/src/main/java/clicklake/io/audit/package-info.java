/**
 * The audit: reads every table of a lake and holds the rows against the ledgers, record by record.
 */
@NullMarked
package clicklake.io.audit;

import org.jspecify.annotations.NullMarked;
