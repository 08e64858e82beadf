package clicklake.options;

import clicklake.produce.ProducePlan;

/**
 * What {@code produce} writes, where and how fast.
 *
 * @param to where
 * @param rate records per second; 0 is as fast as possible
 * @param gzip share of landing files that are compressed
 * @param partitions of a topic that does not exist yet
 * @param plan what is written
 */
public record ProduceSettings(
    SourceKind to, double rate, double gzip, int partitions, ProducePlan plan) {}
