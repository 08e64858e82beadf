package clicklake.bench.spark;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Parses with Jackson's streaming parser; valid is what the Flink peer takes as valid. */
final class ParseLines implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private static final StructType PARSED =
      new StructType()
          .add("event_id", "string")
          .add("schema_version", "int")
          .add("event_time", "timestamp")
          .add("user_id", "string")
          .add("action", "string")
          .add("page", "string")
          .add("referrer", "string")
          .add("device_type", "string")
          .add("country", "string")
          .add("ip_hash", "string")
          .add("user_agent", "string")
          .add("source", "string")
          .add("product_id", "string")
          .add("price", "double")
          .add("_rescued_data", "string")
          .add("reason", "string");

  private static final Set<String> ACTIONS = Set.of("view", "click", "add_to_cart", "purchase");

  // Places in a row: two kept columns, then the parsed ones.
  private static final int FIRST = 2;
  private static final int ID = FIRST;
  private static final int VERSION = FIRST + 1;
  private static final int TIME = FIRST + 2;
  private static final int USER = FIRST + 3;
  private static final int ACTION = FIRST + 4;
  private static final int PAGE = FIRST + 5;
  private static final int PRICE = FIRST + 13;
  private static final int RESCUED = FIRST + 14;
  private static final int REASON = FIRST + 15;

  private final int rawAt;
  private final int sourceAt;

  private ParseLines(int rawAt, int sourceAt) {
    this.rawAt = rawAt;
    this.sourceAt = sourceAt;
  }

  /**
   * The columns raw and line_source, then what raw was parsed into; reason is null if it is valid.
   */
  static Dataset<Row> of(Dataset<Row> lines) {
    StructType schema = lines.select("raw", "line_source").schema();
    for (StructField field : PARSED.fields()) {
      schema = schema.add(field);
    }
    return lines.mapPartitions(
        new ParseLines(lines.schema().fieldIndex("raw"), lines.schema().fieldIndex("line_source")),
        Encoders.row(schema));
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    Parser parser = new Parser();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public Row next() {
        Row row = rows.next();
        Object[] values = new Object[FIRST + PARSED.length()];
        values[0] = row.get(rawAt);
        values[1] = row.get(sourceAt);
        parser.parse(row.getString(rawAt), values);
        return RowFactory.create(values);
      }
    };
  }

  private static final class Parser {
    private final JsonFactory json = new JsonFactory();
    private final Map<String, Integer> places = new HashMap<>();

    private Parser() {
      for (int place = FIRST; place < RESCUED; place++) {
        places.put(PARSED.fieldNames()[place - FIRST], place);
      }
    }

    private void parse(String line, Object[] values) {
      StringBuilder rescued = new StringBuilder();
      try (JsonParser parser = json.createParser(line)) {
        values[REASON] = readObject(parser, line, values, rescued) ? fault(values) : "malformed";
      } catch (IOException e) {
        values[REASON] = "malformed";
      }
      if (!rescued.isEmpty()) {
        values[RESCUED] = rescued.append('}').toString();
      }
    }

    private boolean readObject(
        JsonParser parser, String line, Object[] values, StringBuilder rescued) throws IOException {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.getCurrentName();
        JsonToken value = parser.nextToken();
        Integer place = places.get(name);
        if (place == null) {
          rescue(name, value, parser, line, rescued);
        } else if (value.isStructStart()) {
          parser.skipChildren();
        } else if (value != JsonToken.VALUE_NULL) {
          values[place] = value(place, value, parser);
        }
      }
      return parser.nextToken() == null;
    }

    private static Object value(int place, JsonToken value, JsonParser parser) throws IOException {
      return switch (place) { // boxed, or one type would turn into another
        case VERSION -> value == JsonToken.VALUE_NUMBER_INT ? (Object) parser.getIntValue() : null;
        case TIME -> time(parser.getText());
        case PRICE -> value.isNumeric() ? (Object) parser.getDoubleValue() : null;
        default -> parser.getText();
      };
    }

    private static void rescue(
        String name, JsonToken value, JsonParser parser, String line, StringBuilder rescued)
        throws IOException {
      int from = (int) parser.currentTokenLocation().getCharOffset();
      rescued.append(rescued.isEmpty() ? '{' : ',').append('"').append(name).append("\":");
      if (value.isStructStart()) {
        parser.skipChildren();
        rescued.append(line, from, (int) parser.currentTokenLocation().getCharOffset() + 1);
      } else if (value == JsonToken.VALUE_STRING) {
        rescued
            .append('"')
            .append(JsonStringEncoder.getInstance().quoteAsString(parser.getText()))
            .append('"');
      } else {
        rescued.append(parser.getText());
      }
    }

    private static String fault(Object[] values) {
      if (!(values[ID] instanceof String id) || !isUuid(id)) {
        return "event_id";
      }
      if (values[VERSION] == null) {
        return "schema_version";
      }
      if (values[TIME] == null) {
        return "event_time";
      }
      if (!(values[USER] instanceof String user) || user.isEmpty()) {
        return "user_id";
      }
      if (!(values[ACTION] instanceof String action) || !ACTIONS.contains(action)) {
        return "action";
      }
      return values[PAGE] == null ? "page" : null;
    }

    private static boolean isUuid(String text) {
      if (text.length() != 36) {
        return false;
      }
      for (int i = 0; i < 36; i++) {
        char next = text.charAt(i);
        boolean hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? next != '-' : Character.digit(next, 16) < 0) {
          return false;
        }
      }
      return true;
    }

    private static Timestamp time(String text) {
      try {
        return Timestamp.from(Instant.parse(text));
      } catch (DateTimeException e) {
        return null;
      }
    }
  }
}
