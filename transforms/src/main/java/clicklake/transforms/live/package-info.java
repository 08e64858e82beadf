/**
 * The real-time layer: unique events counted by windows of one minute as they leave dedupe, with
 * early, on-time and late panes. What a pane means, and why the tables of silver correct it, is in
 * docs/realtime.md.
 */
@NullMarked
package clicklake.transforms.live;

import org.jspecify.annotations.NullMarked;
