/** The demo, and the failover demo that kills one lake on every runner. */
@NullMarked
package clicklake.demo;

import org.jspecify.annotations.NullMarked;
