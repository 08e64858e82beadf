package clicklake.transforms.gold.plan;

import static java.util.Objects.requireNonNull;

import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.EventTables;
import clicklake.transforms.gold.table.GoldFailures;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The versions of other tables that a gold table was computed from, committed with its rows in the
 * domain {@value #DOMAIN}.
 *
 * <p>A table that is computed from silver alone writes format 1, which names silver's id and
 * version and nothing else. Format 2 names each source by its path.
 *
 * @param sources by path below the lake's root; silver is always among them
 * @param rules the settings that its rows depend on, as text: another text, other rows
 * @param version the gold table's version with which this was committed. A later commit that
 *     changes rows and does not set this is another writer's, or a RESTORE, which keeps domains
 */
public record SourceVersions(Map<String, Source> sources, String rules, long version)
    implements Serializable {
  private static final long serialVersionUID = 1L;
  public static final String DOMAIN = "clicklake.gold";
  private static final int SILVER_ALONE = 1;
  private static final int SEVERAL = 2;
  private static final String SILVER = EventTables.SILVER_EVENTS.path();
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A version of a table.
   *
   * @param tableId id of the table in its log
   * @param version its version
   */
  public record Source(String tableId, long version) implements Serializable {
    private static final long serialVersionUID = 1L;

    public Source {
      requireNonNull(tableId, "tableId");
    }
  }

  public SourceVersions {
    sources = Map.copyOf(sources);
    requireNonNull(rules, "rules");
    if (!sources.containsKey(SILVER)) {
      throw new IllegalArgumentException("no version of " + SILVER + " among " + sources);
    }
  }

  /** What is computed from a version of silver alone. */
  public static SourceVersions ofSilver(
      String tableId, long silverVersion, String rules, long version) {
    return new SourceVersions(Map.of(SILVER, new Source(tableId, silverVersion)), rules, version);
  }

  /** Silver's id. */
  public String silverTableId() {
    return silver().tableId();
  }

  /** Silver's version. */
  public long silverVersion() {
    return silver().version();
  }

  private Source silver() {
    return requireNonNull(sources.get(SILVER));
  }

  /**
   * The source versions that a version of a gold table names; null if it names none.
   *
   * @throws CorruptTableException if this version of Clicklake cannot read them
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
      throw GoldFailures.sourcesNotJson(table, e);
    }
    String rules = json.path("rules").asText();
    long version = json.path("version").asLong(-1);
    switch (json.path("format").asInt()) {
      case SILVER_ALONE -> {
        return ofSilver(
            json.path("silverTableId").asText(),
            json.path("silverVersion").asLong(-1),
            rules,
            version);
      }
      case SEVERAL -> {
        Map<String, Source> sources = new TreeMap<>();
        json.path("sources")
            .fields()
            .forEachRemaining(
                source ->
                    sources.put(
                        source.getKey(),
                        new Source(
                            source.getValue().path("tableId").asText(),
                            source.getValue().path("version").asLong(-1))));
        if (!sources.containsKey(SILVER)) {
          throw GoldFailures.sourcesWithoutSilver(table);
        }
        return new SourceVersions(sources, rules, version);
      }
      default -> throw GoldFailures.unknownFormat(table, json.path("format").toString());
    }
  }

  public String json() {
    ObjectNode json = JSON.createObjectNode();
    if (sources.size() == 1) {
      json.put("format", SILVER_ALONE)
          .put("silverTableId", silverTableId())
          .put("silverVersion", silverVersion());
    } else {
      ObjectNode all = json.put("format", SEVERAL).putObject("sources");
      new TreeMap<>(sources)
          .forEach(
              (path, source) ->
                  all.putObject(path)
                      .put("tableId", source.tableId())
                      .put("version", source.version()));
    }
    return json.put("rules", rules).put("version", version).toString();
  }

  /** Whether these are of a plan's silver and rules, at the planned version or a later one. */
  public boolean reaches(String tableId, long planned, String plannedRules) {
    return silverTableId().equals(tableId)
        && silverVersion() >= planned
        && rules.equals(plannedRules);
  }
}
