package clicklake.io.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import clicklake.schemas.batch.RawBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.OutputBuilder;
import org.apache.beam.sdk.values.WindowedValues;

/** Looks into batches, and collects those of a pipeline. */
public final class Batches {
  private Batches() {}

  /** {@code path/generation[from,to) last} and then the records, {@code offset=value}. */
  public static String text(RawBatch batch) {
    StringBuilder text = new StringBuilder();
    text.append(batch.partition().name()).append('[').append(batch.from()).append(',');
    text.append(batch.to()).append(')').append(batch.last() ? " last" : "");
    for (String each : records(batch)) {
      text.append(' ').append(each);
    }
    return text.toString();
  }

  public static List<String> text(Iterable<RawBatch> batches) {
    List<String> all = new ArrayList<>();
    batches.forEach(batch -> all.add(text(batch)));
    return all;
  }

  /** {@code offset=value} of every record; behind a head {@code of} length and digest. */
  public static List<String> records(RawBatch batch) {
    List<String> all = new ArrayList<>();
    RawBatch.Cursor cursor = batch.cursor();
    while (cursor.next()) {
      all.add(
          cursor.offset()
              + "="
              + (cursor.valueLength() < 0
                  ? "null"
                  : new String(cursor.bytes(), cursor.valueStart(), cursor.valueLength(), UTF_8))
              + (cursor.headOnly()
                  ? " of " + cursor.wholeLength() + " " + cursor.wholeSha256()
                  : ""));
    }
    return all;
  }

  /** {@code name:offset=value} of every record of every batch. */
  public static List<String> records(Iterable<RawBatch> batches) {
    List<String> all = new ArrayList<>();
    for (RawBatch batch : batches) {
      records(batch).forEach(each -> all.add(batch.partition().name() + ":" + each));
    }
    return all;
  }

  /** Adds what a function puts out to a list. */
  public static DoFn.OutputReceiver<RawBatch> into(List<RawBatch> batches) {
    return new DoFn.OutputReceiver<>() {
      @Override
      public OutputBuilder<RawBatch> builder(RawBatch batch) {
        return WindowedValues.builder(WindowedValues.valueInGlobalWindow(batch))
            .setReceiver(value -> batches.add(value.getValue()));
      }
    };
  }

  /** Puts a pipeline's batches where the test finds them. */
  public static final class CollectFn extends DoFn<RawBatch, Void> {
    private static final long serialVersionUID = 1L;
    private static final Map<Long, ConcurrentLinkedQueue<RawBatch>> COLLECTED =
        new ConcurrentHashMap<>();
    private static final AtomicLong LAST = new AtomicLong();

    private final long id = LAST.incrementAndGet();

    public ConcurrentLinkedQueue<RawBatch> collected() {
      return COLLECTED.computeIfAbsent(id, missing -> new ConcurrentLinkedQueue<>());
    }

    @ProcessElement
    public void collect(@Element RawBatch batch) {
      collected().add(batch);
    }
  }
}
