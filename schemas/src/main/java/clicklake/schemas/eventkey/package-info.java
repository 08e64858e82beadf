/**
 * Event ids and event times as keys: lists of them in proposals, an index that spills to files, and
 * the one rule by which two records are the same event.
 */
@NullMarked
package clicklake.schemas.eventkey;

import org.jspecify.annotations.NullMarked;
