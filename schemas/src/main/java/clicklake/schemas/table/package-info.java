/**
 * The one catalogue of the lake's tables: names, columns, types, partitioning and the words that
 * describe them. Every writer, reader and check takes its columns from here.
 */
@NullMarked
package clicklake.schemas.table;

import org.jspecify.annotations.NullMarked;
