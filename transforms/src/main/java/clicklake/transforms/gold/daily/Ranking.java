package clicklake.transforms.gold.daily;

import clicklake.transforms.gold.table.GoldColumns;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.ToLongFunction;

/** Ranks the keys of each day. */
public final class Ranking {
  private Ranking() {}

  /** Takes keys with their ranks. */
  public interface Ranked<K, S> {
    void accept(int rank, K key, S accumulator);
  }

  /** Shows the first {@link GoldColumns.TOP} of each day with their ranks, from 1. */
  public static <K, S> void byDay(
      Map<K, S> accumulators,
      ToLongFunction<K> day,
      Comparator<Map.Entry<K, S>> order,
      Ranked<K, S> ranked) {
    Map<Long, PriorityQueue<Map.Entry<K, S>>> first = new HashMap<>();
    for (Map.Entry<K, S> entry : accumulators.entrySet()) {
      PriorityQueue<Map.Entry<K, S>> queue =
          first.computeIfAbsent(
              day.applyAsLong(entry.getKey()), known -> new PriorityQueue<>(order.reversed()));
      queue.add(entry);
      if (queue.size() > GoldColumns.TOP) {
        queue.remove();
      }
    }
    for (PriorityQueue<Map.Entry<K, S>> queue : first.values()) {
      while (!queue.isEmpty()) {
        int rank = queue.size();
        Map.Entry<K, S> last = queue.remove();
        ranked.accept(rank, last.getKey(), last.getValue());
      }
    }
  }
}
