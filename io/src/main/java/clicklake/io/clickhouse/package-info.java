/**
 * ClickHouse over HTTP: a client for statements, queries and inserts, and {@link
 * clicklake.io.clickhouse.ClickHouseIO} for Beam pipelines. Knows nothing of lakes or events.
 */
@NullMarked
package clicklake.io.clickhouse;

import org.jspecify.annotations.NullMarked;
