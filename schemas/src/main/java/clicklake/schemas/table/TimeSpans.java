package clicklake.schemas.table;

import clicklake.schemas.batch.DataFile;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A set of times: the union of spans, both ends included, in microseconds since 1970. */
public final class TimeSpans {
  /** Disjoint; end by start. */
  private final TreeMap<Long, Long> spans = new TreeMap<>();

  /**
   * A span.
   *
   * @param from its first microsecond
   * @param to its last
   */
  public record Span(long from, long to) {
    static final Span ALWAYS = new Span(Long.MIN_VALUE / 2, Long.MAX_VALUE / 2);

    public Span wider(long micros) {
      return new Span(from - micros, to + micros);
    }
  }

  /**
   * When a file's events happened, by its statistics, or on a side where they do not tell, always.
   */
  public static Span ofEvents(DataFile file) {
    return of(file, "event_time", "event_time", true);
  }

  /**
   * The times that the rows of a file cover, by its statistics, or on a side where they do not
   * tell, always.
   *
   * @param start column with the first time of a row
   * @param end column with its last time
   * @param endIncluded whether a row covers the time in {@code end}, too
   */
  public static Span ofRows(
      DataFile file, @Nullable String start, @Nullable String end, boolean endIncluded) {
    return of(file, start, end, endIncluded);
  }

  private static Span of(
      DataFile file, @Nullable String start, @Nullable String end, boolean endIncluded) {
    FileBounds bounds = FileBounds.of(file);
    Long from = micros(bounds.lower().path(start));
    Long to = micros(bounds.upper().path(end));
    // Bounds are whole milliseconds; some writers cut the upper one down to them. Beyond the year
    // 9999 there are none: one event at its end must not look as if it were at all times.
    return new Span(
        from == null ? Span.ALWAYS.from() : from,
        to == null ? Span.ALWAYS.to() : endIncluded ? to + 999 : to - 1);
  }

  private static @Nullable Long micros(JsonNode time) {
    if (!time.isTextual()) {
      return null;
    }
    try {
      Instant instant = OffsetDateTime.parse(time.asText()).toInstant();
      return Math.addExact(
          Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  public void add(Span span) {
    long from = span.from();
    long to = span.to();
    Map.Entry<Long, Long> near = spans.floorEntry(to);
    while (near != null && near.getValue() >= from) {
      from = Math.min(from, near.getKey());
      to = Math.max(to, near.getValue());
      spans.remove(near.getKey());
      near = spans.floorEntry(to);
    }
    spans.put(from, to);
  }

  public boolean overlap(Span span) {
    Map.Entry<Long, Long> near = spans.floorEntry(span.to());
    return near != null && near.getValue() >= span.from();
  }
}
