package clicklake.io.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * A record's headers as a JSON array, in their order: {@code {"key":…,"value":…}} for a value that
 * is UTF-8 text (null for none), {@code {"key":…,"base64":…}} for any other.
 */
final class HeadersJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private HeadersJson() {}

  /** The headers as JSON; null if there are none. */
  static @Nullable String write(Headers headers) {
    Header[] all = headers.toArray();
    if (all.length == 0) {
      return null;
    }
    ArrayNode array = JSON.createArrayNode();
    for (Header header : all) {
      ObjectNode one = array.addObject().put("key", header.key());
      byte[] value = header.value();
      if (value == null) {
        one.putNull("value");
      } else {
        String text = text(value);
        if (text != null) {
          one.put("value", text);
        } else {
          one.put("base64", Base64.getEncoder().encodeToString(value));
        }
      }
    }
    return array.toString();
  }

  private static @Nullable String text(byte[] value) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
    } catch (CharacterCodingException binary) {
      return null;
    }
  }

  /**
   * The headers that {@link #write} made this of.
   *
   * @throws IllegalArgumentException if it made no such thing
   */
  static List<Header> read(@Nullable String json) {
    List<Header> headers = new ArrayList<>();
    if (json == null) {
      return headers;
    }
    try {
      for (JsonNode one : JSON.readTree(json)) {
        String key = one.path("key").asText();
        if (one.has("base64")) {
          headers.add(
              new RecordHeader(key, Base64.getDecoder().decode(one.get("base64").asText())));
        } else if (one.path("value").isTextual()) {
          headers.add(
              new RecordHeader(key, one.get("value").asText().getBytes(StandardCharsets.UTF_8)));
        } else {
          headers.add(new RecordHeader(key, null));
        }
      }
      return headers;
    } catch (JsonProcessingException damaged) {
      throw new IllegalArgumentException("headers are not JSON: " + json, damaged);
    }
  }
}
