/**
 * Small programs that show how to use {@link clicklake.io.append.DeltaIO} and {@link
 * clicklake.io.clickhouse.ClickHouseIO} on their own.
 */
@NullMarked
package clicklake.io.examples;

import org.jspecify.annotations.NullMarked;
