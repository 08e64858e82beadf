/** A Kafka broker of one's own on loopback, for demos, tests and benchmarks. */
@NullMarked
package clicklake.io.broker;

import org.jspecify.annotations.NullMarked;
