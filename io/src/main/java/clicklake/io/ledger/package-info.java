/**
 * The ledger: which offsets a table covers, committed in the same version as the rows. {@link
 * clicklake.io.ledger.LedgerTable} reads it and detects commits that changed rows without it;
 * {@link clicklake.io.ledger.LedgerDraft} makes the next one.
 */
@NullMarked
package clicklake.io.ledger;

import org.jspecify.annotations.NullMarked;
