/**
 * Real services for tests, as child processes of the test JVM: a Kafka broker, Spark with
 * delta-spark as a reader of tables that is not ours, and any JVM that a test wants to kill or
 * suspend. They listen on 127.0.0.1 only, keep their data in a folder of their own, and end with
 * the test JVM. The services' class paths come from the modules under {@code io/services}, so that
 * none of their libraries meets the project's.
 */
@NullMarked
package clicklake.io.testing;

import org.jspecify.annotations.NullMarked;
