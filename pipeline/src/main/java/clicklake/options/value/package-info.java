/** Values of options as text: how they are written, read and shown. */
@NullMarked
package clicklake.options.value;

import org.jspecify.annotations.NullMarked;
