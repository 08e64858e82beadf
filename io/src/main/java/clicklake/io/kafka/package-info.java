/**
 * Reads a Kafka topic and writes refused records to another.
 *
 * <p>The source reads committed records only and keeps no offsets in Kafka: the lake knows what it
 * covers. Every batch is stamped with the run of offsets that its reader passed over, so offsets
 * that hold no record (compacted, aborted, transaction markers) are covered too. A topic is known
 * by cluster id and topic id, not by name alone.
 */
@NullMarked
package clicklake.io.kafka;

import org.jspecify.annotations.NullMarked;
