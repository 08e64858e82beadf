package clicklake.transforms.gold.refresh;

import clicklake.schemas.table.CorruptTableException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Serializable;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a gold table was computed from, committed with its rows in the domain {@value #DOMAIN}.
 *
 * @param silverTableId id of the silver table
 * @param silverVersion silver's version
 * @param rules the settings that its rows depend on, as text: another text, other rows
 * @param version the gold table's own version that says so: a later commit that changes rows and
 *     sets no mark is somebody else's, or a RESTORE, which leaves domains as they are
 */
public record SourceVersions(String silverTableId, long silverVersion, String rules, long version)
    implements Serializable {
  private static final long serialVersionUID = 1L;
  public static final String DOMAIN = "clicklake.gold";
  private static final int FORMAT = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The mark of a version of a gold table; null if it has none.
   *
   * @throws CorruptTableException if it has one that this version of Clicklake cannot read
   */
  public static @Nullable SourceVersions of(String table, Map<String, String> domains) {
    String text = domains.get(DOMAIN);
    if (text == null) {
      return null;
    }
    JsonNode json;
    try {
      json = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new CorruptTableException(
          table + ": its mark is not JSON; remove the table, gold rebuilds it", e);
    }
    if (json.path("format").asInt() != FORMAT) {
      throw new CorruptTableException(
          table
              + ": its mark has format "
              + json.path("format")
              + ", which this version of Clicklake does not know; use the version that wrote it");
    }
    return new SourceVersions(
        json.path("silverTableId").asText(),
        json.path("silverVersion").asLong(-1),
        json.path("rules").asText(),
        json.path("version").asLong(-1));
  }

  public String json() {
    return JSON.createObjectNode()
        .put("format", FORMAT)
        .put("silverTableId", silverTableId)
        .put("silverVersion", silverVersion)
        .put("rules", rules)
        .put("version", version)
        .toString();
  }

  /** Whether this rests on the same silver and rules as a plan, at its version or a later one. */
  public boolean reaches(String tableId, long silver, String planned) {
    return silverTableId.equals(tableId) && silverVersion >= silver && rules.equals(planned);
  }
}
