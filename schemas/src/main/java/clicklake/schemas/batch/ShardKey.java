package clicklake.schemas.batch;

/**
 * What {@link ShardElement}s are grouped by: a key for each shard, under which its events travel,
 * and one more under which proposals travel.
 *
 * @param number that of the shard; for proposals the number of shards, which no shard has
 */
public record ShardKey(int number) {

  public ShardKey {
    if (number < 0) {
      throw new IllegalArgumentException("no key has the number " + number);
    }
  }

  /** The key of a shard's events. */
  public static ShardKey ofShard(int shard) {
    return new ShardKey(shard);
  }

  /**
   * The key of proposals, which belong to no shard.
   *
   * @param shards how many shards there are
   */
  public static ShardKey ofProposals(int shards) {
    return new ShardKey(shards);
  }
}
