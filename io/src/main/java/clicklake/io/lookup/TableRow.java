package clicklake.io.lookup;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.TableFiles.RowFacts;

/**
 * A row of a table.
 *
 * @param file the file that holds it
 */
public record TableRow(RowFacts row, DataFile file) {}
