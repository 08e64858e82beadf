/**
 * Where a lake lies: files that are put once, listed, read and deleted, and what their failures
 * mean.
 */
@NullMarked
package clicklake.io.storage;

import org.jspecify.annotations.NullMarked;
