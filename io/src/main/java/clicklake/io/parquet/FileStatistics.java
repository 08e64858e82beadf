package clicklake.io.parquet;

import clicklake.schemas.table.Column;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/**
 * A file's statistics as a Delta log holds them: number of rows, and of each column that keeps
 * statistics the number of nulls, a lower and an upper bound.
 *
 * <p>Bounds may be wider than the values, never narrower: times are milliseconds, so the upper one
 * is rounded up; strings are cut to 32 characters, and a cut upper bound gets a character appended
 * that sorts after whatever was cut off.
 */
public final class FileStatistics {
  private static final int PREFIX = 32;
  private static final int LAST_CODE_POINT = Character.MAX_CODE_POINT;
  private static final int LAST_ASCII = 0x7F;
  private static final JsonFactory JSON = new JsonFactory();
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private FileStatistics() {}

  /** Merges the statistics of all row groups. */
  static String of(ParquetMetadata footer, List<Column> columns) {
    long rows = 0;
    Map<String, Statistics<?>> merged = new LinkedHashMap<>();
    for (BlockMetaData block : footer.getBlocks()) {
      rows += block.getRowCount();
      for (ColumnChunkMetaData chunk : block.getColumns()) {
        String name = chunk.getPath().toDotString();
        Statistics<?> known = merged.get(name);
        if (known == null) {
          merged.put(name, chunk.getStatistics().copy());
        } else {
          known.mergeStatistics(chunk.getStatistics());
        }
      }
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("numRecords", rows);
      writeBounds(json, "minValues", columns, merged, false);
      writeBounds(json, "maxValues", columns, merged, true);
      json.writeObjectFieldStart("nullCount");
      for (Column column : columns) {
        Statistics<?> statistics = merged.get(column.name());
        if (column.statistics() && statistics != null && statistics.isNumNullsSet()) {
          json.writeNumberField(column.name(), statistics.getNumNulls());
        }
      }
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void writeBounds(
      JsonGenerator json,
      String name,
      List<Column> columns,
      Map<String, Statistics<?>> merged,
      boolean upper)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Column column : columns) {
      Statistics<?> statistics = merged.get(column.name());
      if (column.statistics() && statistics != null && statistics.hasNonNullValue()) {
        Object value = upper ? statistics.genericGetMax() : statistics.genericGetMin();
        writeBound(json, column, value, upper);
      }
    }
    json.writeEndObject();
  }

  private static void writeBound(JsonGenerator json, Column column, Object value, boolean upper)
      throws IOException {
    switch (column.type()) {
      case INT, LONG -> json.writeNumberField(column.name(), ((Number) value).longValue());
      case DOUBLE -> {
        double number = ((Number) value).doubleValue();
        if (Double.isFinite(number)) {
          json.writeNumberField(column.name(), number);
        }
      }
      case PRICE ->
          json.writeNumberField(column.name(), BigDecimal.valueOf(((Number) value).longValue(), 4));
      case STRING -> {
        String text = ((Binary) value).toStringUsingUTF8();
        String bound = upper ? upperBound(text) : lowerBound(text);
        if (bound != null) {
          json.writeStringField(column.name(), bound);
        }
      }
      case TIMESTAMP -> {
        Optional<String> time = time(((Number) value).longValue(), upper);
        if (time.isPresent()) {
          json.writeStringField(column.name(), time.get());
        }
      }
      case DATE -> {
        LocalDate date = LocalDate.ofEpochDay(((Number) value).longValue());
        if (date.getYear() >= 0 && date.getYear() <= 9999) {
          json.writeStringField(column.name(), date.toString());
        }
      }
      // Delta keeps no bounds of these.
      case BOOLEAN, BINARY -> {}
    }
  }

  /** A time as the log spells it; empty outside the years that every reader can parse. */
  public static Optional<String> time(long micros, boolean upper) {
    long millis = upper ? -Math.floorDiv(-micros, 1000L) : Math.floorDiv(micros, 1000L);
    Instant instant = Instant.ofEpochMilli(millis);
    int year = instant.atOffset(ZoneOffset.UTC).getYear();
    return year < 0 || year > 9999 ? Optional.empty() : Optional.of(MILLIS.format(instant));
  }

  /** A string not above any that starts with the given one. */
  static String lowerBound(String text) {
    return text.codePointCount(0, text.length()) <= PREFIX
        ? text
        : text.substring(0, text.offsetByCodePoints(0, PREFIX));
  }

  /**
   * A string not below the given one in the order of code points; null if there is no short one.
   */
  static @Nullable String upperBound(String text) {
    if (text.codePointCount(0, text.length()) <= PREFIX) {
      return text;
    }
    int at = text.offsetByCodePoints(0, PREFIX);
    for (int length = PREFIX; length < 2 * PREFIX && at < text.length(); length++) {
      int next = text.codePointAt(at);
      if (next < LAST_ASCII) {
        return text.substring(0, at) + (char) LAST_ASCII;
      }
      if (next < LAST_CODE_POINT) {
        return text.substring(0, at) + Character.toString(LAST_CODE_POINT);
      }
      at += Character.charCount(next);
    }
    return at >= text.length() ? text : null;
  }
}
