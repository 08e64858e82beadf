/**
 * What the lake says, served by ClickHouse: which tables there are, how they are made, and what
 * keeps them up to date. Rows are versioned, so writing one again changes nothing, and ClickHouse
 * itself holds how far it is. docs/realtime.md has the picture.
 */
@NullMarked
package clicklake.serving;

import org.jspecify.annotations.NullMarked;
