package clicklake.schemas.table;

import clicklake.schemas.batch.DataFile;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Between which bounds the columns of a file lie, by its statistics in the log. A bound that is
 * missing bounds nothing; a string's may be cut short.
 */
public record FileBounds(JsonNode lower, JsonNode upper) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public static FileBounds of(DataFile file) {
    try {
      JsonNode stats = JSON.readTree(file.stats());
      return new FileBounds(stats.path("minValues"), stats.path("maxValues"));
    } catch (JsonProcessingException e) {
      // Statistics only spare reading the file.
      return new FileBounds(MissingNode.getInstance(), MissingNode.getInstance());
    }
  }

  /** Whether a column may hold this text. */
  public boolean mayHold(String column, String text) {
    JsonNode least = lower.path(column);
    JsonNode most = upper.path(column);
    return (!least.isTextual() || compare(least.asText(), text) <= 0)
        && (!most.isTextual()
            || text.startsWith(most.asText())
            || compare(text, most.asText()) <= 0);
  }

  /** Whether a column may hold a number from {@code from} to {@code to}, both included. */
  public boolean mayHold(String column, long from, long to) {
    JsonNode least = lower.path(column);
    JsonNode most = upper.path(column);
    return (!least.isIntegralNumber() || least.asLong() <= to)
        && (!most.isIntegralNumber() || most.asLong() >= from);
  }

  /** Parquet and Delta order strings by their UTF-8 bytes. */
  private static int compare(String a, String b) {
    return Arrays.compareUnsigned(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }
}
