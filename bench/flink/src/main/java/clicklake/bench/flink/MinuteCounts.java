package clicklake.bench.flink;

import clicklake.bench.events.Minute;





import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** Counts and users of one minute's window. */
final class MinuteCounts {
  private MinuteCounts() {}

  /** From key, action and the user's hash. */
  static final class OfEvents
      implements AggregateFunction<Tuple3<Integer, Integer, Long>, Minute, Minute> {
    private static final long serialVersionUID = 1L;

    @Override
    public Minute createAccumulator() {
      return new Minute();
    }

    @Override
    public Minute add(Tuple3<Integer, Integer, Long> event, Minute minute) {
      minute.add(event.f1, event.f2);
      return minute;
    }

    @Override
    public Minute getResult(Minute minute) {
      return minute;
    }

    @Override
    public Minute merge(Minute one, Minute other) {
      one.merge(other);
      return one;
    }
  }

  /** From the parts of a minute. */
  static final class OfHalves implements AggregateFunction<Minute, Minute, Minute> {
    private static final long serialVersionUID = 1L;

    @Override
    public Minute createAccumulator() {
      return new Minute();
    }

    @Override
    public Minute add(Minute half, Minute minute) {
      minute.merge(half);
      return minute;
    }

    @Override
    public Minute getResult(Minute minute) {
      return minute;
    }

    @Override
    public Minute merge(Minute one, Minute other) {
      one.merge(other);
      return one;
    }
  }

  /** Notes which minute it is. */
  static final class Stamp<K> extends ProcessWindowFunction<Minute, Minute, K, TimeWindow> {
    private static final long serialVersionUID = 1L;

    @Override
    public void process(K key, Context context, Iterable<Minute> minutes, Collector<Minute> out) {
      Minute minute = minutes.iterator().next();
      minute.minute = context.window().getStart() / 60_000;
      out.collect(minute);
    }
  }
}
