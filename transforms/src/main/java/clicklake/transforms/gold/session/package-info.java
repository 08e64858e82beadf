/** Sessions: a user's events without a long pause between them. */
@NullMarked
package clicklake.transforms.gold.session;

import org.jspecify.annotations.NullMarked;
