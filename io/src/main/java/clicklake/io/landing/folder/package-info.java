/**
 * A landing folder, on disk or in an object store: what is in it, as whom each file is known, how
 * its bytes are opened, and what is told of files that cannot be read.
 */
@NullMarked
package clicklake.io.landing.folder;

import org.jspecify.annotations.NullMarked;
