package clicklake.transforms.gold.plan;

/**
 * A part of an aggregation's rows, merged by one worker: the rows of one file, or a bucket of keys.
 * The key of the shuffles of a refresh.
 *
 * @param aggregation index of the aggregation in {@link Aggregations}
 * @param number which part: of an hour, a date, a bucket, as {@code PartAccumulators} counts them
 */
public record Part(int aggregation, long number) {}
