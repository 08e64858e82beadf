/**
 * Parquet files: row writers and readers of the lake's tables, their encodings and statistics. Only
 * this package touches Parquet.
 */
@NullMarked
package clicklake.io.parquet;

import org.jspecify.annotations.NullMarked;
