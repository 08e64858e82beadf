package clicklake.io.clickhouse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows as ClickHouse's format JSONEachRow has them: an object a line.
 *
 * <p>Values are {@code String}, whole numbers up to {@code BigInteger}, {@code Double}, {@code
 * BigDecimal}, {@code Boolean} (1 and 0), {@code Instant} (whole seconds, for DateTime), {@code
 * LocalDate} and null.
 */
final class RowText {
  private static final JsonFactory JSON = new JsonFactory();

  /** What DateTime holds: 32 bits of seconds since 1970. */
  private static final long LAST_SECOND = (1L << 32) - 1;

  private RowText() {}

  /**
   * Writes rows.
   *
   * @throws IllegalArgumentException if a row has another number of values, or one that no column
   *     takes
   */
  static void write(
      List<String> columns, List<? extends List<? extends @Nullable Object>> rows, OutputStream out)
      throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.setRootValueSeparator(null);
      for (List<? extends @Nullable Object> row : rows) {
        if (row.size() != columns.size()) {
          throw new IllegalArgumentException(
              "a row has " + row.size() + " values for the columns " + columns);
        }
        json.writeStartObject();
        for (int i = 0; i < row.size(); i++) {
          json.writeFieldName(columns.get(i));
          write(columns.get(i), row.get(i), json);
        }
        json.writeEndObject();
        json.writeRaw('\n');
      }
    }
  }

  private static void write(String column, @Nullable Object value, JsonGenerator json)
      throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof String text) {
      json.writeString(text);
    } else if (value instanceof Long || value instanceof Integer || value instanceof Short) {
      json.writeNumber(((Number) value).longValue());
    } else if (value instanceof BigInteger number) {
      json.writeNumber(number);
    } else if (value instanceof BigDecimal number) {
      // Older servers read decimals as plain numbers alone.
      json.writeNumber(number.toPlainString());
    } else if (value instanceof Double number) {
      json.writeNumber(number);
    } else if (value instanceof Boolean flag) {
      json.writeNumber(flag ? 1 : 0);
    } else if (value instanceof Instant time) {
      long second = time.getEpochSecond();
      if (second < 0 || second > LAST_SECOND) {
        throw new IllegalArgumentException(
            "column " + column + " cannot hold " + time + ": a DateTime ends in 2106");
      }
      json.writeNumber(second);
    } else if (value instanceof LocalDate date) {
      json.writeString(date.toString());
    } else {
      throw new IllegalArgumentException(
          "column " + column + " was given a " + value.getClass().getName());
    }
  }
}
