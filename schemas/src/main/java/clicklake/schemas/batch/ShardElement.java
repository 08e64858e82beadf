package clicklake.schemas.batch;

/**
 * What crosses the one cut of the graph, grouped by shard: events to decide on, or a data file that
 * needs no decision and only passes through to the committer.
 *
 * <p>One stream for both keeps the graph a line; a second output would be computed twice or cached
 * on Spark.
 */
public sealed interface ShardElement permits EventBatch, Proposal {}
