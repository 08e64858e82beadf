/**
 * The catalogue of the lake's tables (names, columns, types, partitioning), and the ports through
 * which everything else reaches a table: its log, its files, and the failures of both. Nothing here
 * knows Delta Kernel or Parquet.
 */
@NullMarked
package clicklake.schemas.table;

import org.jspecify.annotations.NullMarked;
