package clicklake.transforms.parse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A second opinion about JSON: the JDK decides what is UTF-8, Jackson what is JSON. A document
 * becomes maps, lists, strings, booleans, {@link Num} and {@link #NULL}.
 */
public final class Json {
  /** The value null. */
  public static final Object NULL =
      new Object() {
        @Override
        public String toString() {
          return "null";
        }
      };

  /** A number as it was written. */
  public record Num(String text) {
    boolean isInteger() {
      return text.matches("-?[0-9]+");
    }
  }

  /** What is wrong with a document. */
  public static final class Unsound extends Exception {
    private static final long serialVersionUID = 1;
    final boolean utf8;

    Unsound(boolean utf8, @Nullable Throwable cause) {
      super(cause);
      this.utf8 = utf8;
    }
  }

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private static final Pattern UNFINISHED_ESCAPE =
      Pattern.compile("(?<!\\\\)(?:\\\\{2})*+\\\\u(?![0-9a-fA-F]{4})");

  private Json() {}

  /**
   * A document's value.
   *
   * @param texts of every object and array in it, its text as it was written
   */
  public record Document(Object value, int depth, Map<Object, String> texts) {}

  /**
   * Reads a document.
   *
   * @throws Unsound if it is not strict JSON in strict UTF-8
   */
  public static Document read(byte[] bytes) throws Unsound {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Unsound(true, e);
    }
    // The library takes the lower byte of any character for a digit.
    if (text.indexOf('\uFEFF') == 0 || UNFINISHED_ESCAPE.matcher(text).find()) {
      throw new Unsound(false, null);
    }
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        throw new Unsound(false, null);
      }
      Document document = read(parser, text);
      if (parser.nextToken() != null) {
        throw new Unsound(false, null);
      }
      return document;
    } catch (JsonProcessingException e) {
      throw new Unsound(false, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Document read(JsonParser parser, String text) throws IOException, Unsound {
    Deque<Object> open = new ArrayDeque<>();
    Deque<Integer> starts = new ArrayDeque<>();
    Map<Object, String> texts = new IdentityHashMap<>();
    Deque<String> names = new ArrayDeque<>();
    int depth = 0;
    while (true) {
      JsonToken token = parser.currentToken();
      if (token == null) {
        throw new Unsound(false, null);
      }
      Object ended = null;
      switch (token) {
        case START_OBJECT, START_ARRAY -> {
          open.push(
              token == JsonToken.START_OBJECT
                  ? new LinkedHashMap<String, Object>()
                  : new ArrayList<>());
          starts.push((int) parser.currentTokenLocation().getCharOffset());
        }
        case END_OBJECT, END_ARRAY -> {
          ended = open.pop();
          int end = (int) parser.currentTokenLocation().getCharOffset() + 1;
          texts.put(ended, text.substring(starts.pop(), end));
        }
        case FIELD_NAME -> names.push(paired(parser.currentName()));
        case VALUE_STRING -> ended = paired(parser.getText());
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> ended = new Num(parser.getText());
        case VALUE_TRUE -> ended = true;
        case VALUE_FALSE -> ended = false;
        case VALUE_NULL -> ended = NULL;
        default -> throw new IllegalStateException(token.toString());
      }
      depth = Math.max(depth, open.size());
      if (ended != null) {
        Object container = open.peek();
        if (container == null) {
          return new Document(ended, depth, texts);
        }
        put(container, names, ended);
      }
      parser.nextToken();
    }
  }

  @SuppressWarnings("unchecked")
  private static void put(Object container, Deque<String> names, Object value) {
    if (container instanceof List<?> list) {
      ((List<Object>) list).add(value);
    } else {
      ((Map<String, Object>) container).put(names.pop(), value);
    }
  }

  private static String paired(String text) throws Unsound {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw new Unsound(false, null);
      }
    }
    return text;
  }
}
