/**
 * Tables of minutes: events and users by event time, and the live tables that also count lateness.
 */
@NullMarked
package clicklake.transforms.gold.minute;

import org.jspecify.annotations.NullMarked;
