package clicklake.options;

import clicklake.options.value.NearestName;
import clicklake.options.value.RawValue;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the stream job runs its pipeline on a runner, where runners differ. The runner's resource
 * says it, under keys that begin with {@link #PREFIX}; it is nothing that a user gives.
 *
 * @param readsInRounds whether {@link Mode#AUTO} is bounded pipelines in turn
 * @param roundIsStream whether a round is run as a stream that ends: read, written and committed
 *     piece by piece; otherwise it is held until its end
 * @param shardShare the part of the commit interval that events of a shard wait for others, from 0
 *     to 1
 */
public record RunnerProfile(boolean readsInRounds, boolean roundIsStream, double shardShare) {
  /** What a profile's keys begin with in a runner's resource. */
  public static final String PREFIX = "profile.";

  /** For a runner whose resource does not say otherwise. */
  public static final RunnerProfile DEFAULT = new RunnerProfile(false, false, 0.5);

  private static final String READS_IN_ROUNDS = "readsInRounds";
  private static final String ROUND_IS_STREAM = "roundIsStream";
  private static final String SHARD_SHARE = "shardShare";
  private static final List<String> KEYS = List.of(READS_IN_ROUNDS, ROUND_IS_STREAM, SHARD_SHARE);

  public RunnerProfile {
    if (!(shardShare >= 0 && shardShare <= 1)) {
      throw new IllegalArgumentException("not from 0 to 1: " + shardShare);
    }
  }

  /**
   * Reads a profile; a faulty value reads as the default.
   *
   * @param values as resources say them, by keys without the prefix
   * @param faults takes everything that is wrong with them
   */
  public static RunnerProfile of(Map<String, RawValue> values, List<String> faults) {
    values.forEach(
        (key, value) -> {
          if (!KEYS.contains(key)) {
            faults.add(
                value.origin()
                    + ": unknown key "
                    + PREFIX
                    + key
                    + NearestName.hint(PREFIX, key, KEYS));
          }
        });
    return new RunnerProfile(
        read(values, READS_IN_ROUNDS, RunnerProfile::flag, DEFAULT.readsInRounds(), faults),
        read(values, ROUND_IS_STREAM, RunnerProfile::flag, DEFAULT.roundIsStream(), faults),
        read(values, SHARD_SHARE, RunnerProfile::share, DEFAULT.shardShare(), faults));
  }

  private static <T> T read(
      Map<String, RawValue> values,
      String key,
      Function<String, T> parse,
      T otherwise,
      List<String> faults) {
    @Nullable RawValue value = values.get(key);
    if (value == null) {
      return otherwise;
    }
    try {
      return parse.apply(value.text());
    } catch (IllegalArgumentException e) {
      faults.add(
          PREFIX + key + "=" + value.text() + " (" + value.origin() + "): " + e.getMessage());
      return otherwise;
    }
  }

  private static boolean flag(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("is neither true nor false");
    };
  }

  private static double share(String text) {
    double share;
    try {
      share = new BigDecimal(text).doubleValue();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("is not a number", e);
    }
    if (share < 0 || share > 1) {
      throw new IllegalArgumentException("is out of range; it must be from 0 to 1");
    }
    return share;
  }

  /** How long events of a shard wait for others, before they are written. */
  public Duration shardDelay(Duration commitEvery) {
    return Duration.ofNanos(Math.round(commitEvery.toNanos() * shardShare));
  }
}
