package clicklake.flow;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.io.clickhouse.ClickHouseClient;
import clicklake.io.testing.BuiltFile;
import clicklake.io.testing.ClickHouseServer;
import clicklake.io.testing.ClickHouseServer.Engine;
import clicklake.io.testing.InstalledProgram;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.Yaml;

/** Every query of the dashboards and alerts, over what the demo put into ClickHouse. */
class DashboardsTest {
  private static final List<String> DASHBOARDS = List.of("real-time", "business", "health");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Engine.class)
  void everyPanelAndAlertShowsTheDemo(Engine engine) throws Exception {
    ClickHouseClient client = ClickHouseServer.shared(engine).emptied().client();
    assertThat(
            Program.run(
                "demo",
                "--lake=" + folder.resolve("lake"),
                "--events=4000",
                "--clickhouse=" + client.settings().endpoint(),
                "--clickhouseConfig="
                    + ClickHouseServer.writeConfig(folder.resolve("clickhouse.properties"))))
        .isZero();

    List<String> queries = new ArrayList<>();
    for (String name : DASHBOARDS) {
      for (JsonNode panel : dashboard(name).path("panels")) {
        for (JsonNode target : panel.path("targets")) {
          queries.add(target.path("rawSql").asText());
        }
      }
    }
    queries.addAll(alertQueries());
    assertThat(queries).hasSize(29).doesNotContain("");
    for (String query : queries) {
      assertThat(client.query("a panel's query", withoutMacros(query))).as(query).isNotEmpty();
    }
  }

  /** As the data source's plugin replaces them, with a range of all time. */
  private static String withoutMacros(String query) {
    String plain =
        query
            .replaceAll("\\$__timeFilter\\((\\w+)\\)", "$1 >= toDateTime(0)")
            .replaceAll("\\$__dateFilter\\((\\w+)\\)", "$1 >= toDate(0)");
    assertThat(plain).as("a macro that the test does not know").doesNotContain("$");
    return plain;
  }

  private static JsonNode dashboard(String name) throws IOException {
    return JSON.readTree(BuiltFile.at("deploy/grafana/dashboards/" + name + ".json").toFile());
  }

  private static Map<String, Object> yaml(String path) throws IOException {
    return new Yaml().load(Files.readString(BuiltFile.at(path)));
  }

  private static List<String> alertQueries() throws IOException {
    List<String> queries = new ArrayList<>();
    JsonNode alerting =
        JSON.valueToTree(yaml("deploy/grafana/provisioning/alerting/clicklake.yaml"));
    for (JsonNode rule : alerting.path("groups").path(0).path("rules")) {
      queries.add(rule.path("data").path(0).path("model").path("rawSql").asText());
    }
    return queries;
  }

  @Test
  void dashboardsNameTheProvisionedSourceAndEachPanelOnce() throws Exception {
    Object source =
        ((List<?>)
                yaml("deploy/grafana/provisioning/datasources/clickhouse.yaml").get("datasources"))
            .get(0);
    Object uid = ((Map<?, ?>) source).get("uid");
    Set<String> uids = new HashSet<>();
    for (String name : DASHBOARDS) {
      JsonNode dashboard = dashboard(name);
      assertThat(uids.add(dashboard.path("uid").asText())).as(name).isTrue();
      Set<Integer> ids = new HashSet<>();
      for (JsonNode panel : dashboard.path("panels")) {
        assertThat(ids.add(panel.path("id").asInt())).as("%s: %s", name, panel).isTrue();
        assertThat(panel.path("datasource").path("uid").asText()).isEqualTo(uid);
        assertThat(panel.path("title").asText()).isNotBlank();
      }
    }
  }

  @Test
  void theComposeFileIsValid() throws Exception {
    Process compose =
        new ProcessBuilder(
                InstalledProgram.ofDebian("docker-compose", "docker-compose").toString(),
                "-f",
                BuiltFile.at("deploy/compose/docker-compose.yaml").toString(),
                "config")
            .redirectErrorStream(true)
            .start();
    String said = new String(compose.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(compose.waitFor()).as(said).isZero();
    assertThat(said).contains("clickhouse:", "grafana:", "kafka:", "clicklake:", "shoppers:");
    assertThat(said).as("only Grafana listens, on this machine").contains("127.0.0.1:3000:3000");
  }
}
