package clicklake.schemas.table;

import clicklake.schemas.batch.DataFile;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /** The bounds of one column of texts, to be kept without those of the others. */
  public Texts texts(String column) {
    return new Texts(bytes(lower.path(column)), bytes(upper.path(column)));
  }

  /** Whether a column may hold this text. */
  public boolean mayHold(String column, String text) {
    return texts(column).mayHold(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte @Nullable [] bytes(JsonNode bound) {
    return bound.isTextual() ? bound.asText().getBytes(StandardCharsets.UTF_8) : null;
  }

  /** Whether a column may hold a number from {@code from} to {@code to}, both included. */
  public boolean mayHold(String column, long from, long to) {
    JsonNode least = lower.path(column);
    JsonNode most = upper.path(column);
    return (!least.isIntegralNumber() || least.asLong() <= to)
        && (!most.isIntegralNumber() || most.asLong() >= from);
  }

  /**
   * Between which texts a column lies. Parquet and Delta order texts by their UTF-8 bytes, and so
   * does this.
   */
  public static final class Texts {
    private final byte @Nullable [] least;
    private final byte @Nullable [] most;

    private Texts(byte @Nullable [] least, byte @Nullable [] most) {
      this.least = least;
      this.most = most;
    }

    /** Whether the column may hold a text, given in UTF-8. */
    public boolean mayHold(byte[] text) {
      return (least == null || Arrays.compareUnsigned(least, text) <= 0)
          && (most == null || isAtMost(text, most));
    }

    /** Whether a text is not above a bound, which may be cut short. */
    private static boolean isAtMost(byte[] text, byte[] most) {
      return Arrays.compareUnsigned(
              text, 0, Math.min(text.length, most.length), most, 0, most.length)
          <= 0;
    }

    /**
     * Whether the column may hold one of some texts.
     *
     * @param sorted the texts in UTF-8, ascending by their bytes
     */
    public boolean mayHoldAny(List<byte[]> sorted) {
      int from = 0;
      int to = least == null ? 0 : sorted.size();
      while (from < to) {
        int middle = (from + to) >>> 1;
        if (Arrays.compareUnsigned(sorted.get(middle), least) < 0) {
          from = middle + 1;
        } else {
          to = middle;
        }
      }
      // The first that is not below the lower bound is in between, or none is.
      return from < sorted.size() && mayHold(sorted.get(from));
    }
  }
}
