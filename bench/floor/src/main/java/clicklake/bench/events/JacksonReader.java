package clicklake.bench.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** With Jackson's streaming parser, token by token: what a careful job would use. */
final class JacksonReader implements EventReader {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Map<String, Integer> INDEXES = new HashMap<>();

  static {
    for (int i = 0; i < Event.FIELDS; i++) {
      INDEXES.put(Event.NAMES.get(i), i);
    }
  }

  @Override
  public void read(byte[] line, int start, int length, Event event) {
    event.begin(line, start, length);
    try (JsonParser parser = JSON.createParser(line, start, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        event.reason = "malformed";
        return;
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        readField(parser, line, start, event);
      }
      if (parser.nextToken() != null) {
        event.reason = "malformed";
        return;
      }
    } catch (IOException e) {
      event.reason = "malformed";
      return;
    }
    event.endCopies();
    event.validate();
  }

  private void readField(JsonParser parser, byte[] line, int start, Event event)
      throws IOException {
    String name = parser.currentName();
    JsonToken value = parser.nextToken();
    Integer index = INDEXES.get(name);
    if (index == null) {
      int from = (int) parser.currentTokenLocation().getByteOffset();
      if (value.isStructStart()) {
        parser.skipChildren();
      }
      parser.finishToken();
      int to = (int) parser.currentLocation().getByteOffset();
      byte[] nameBytes = name.getBytes(UTF_8);
      event.rescue(nameBytes, 0, nameBytes.length, line, start + from, to - from);
    } else if (value.isStructStart()) {
      parser.skipChildren();
    } else if (value != JsonToken.VALUE_NULL) {
      if (index == Event.VERSION) {
        event.hasVersion = value == JsonToken.VALUE_NUMBER_INT;
        event.version = event.hasVersion ? parser.getIntValue() : 0;
      } else if (index == Event.PRICE) {
        event.hasPrice = value.isNumeric();
        event.price = event.hasPrice ? parser.getDoubleValue() : 0;
      } else {
        event.copy(index, parser.getText().getBytes(UTF_8));
      }
    }
  }
}
