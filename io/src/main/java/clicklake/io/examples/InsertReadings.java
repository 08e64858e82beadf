package clicklake.io.examples;

import clicklake.io.clickhouse.ClickHouseClient;
import clicklake.io.clickhouse.ClickHouseIO;
import clicklake.io.clickhouse.ClickHouseSettings;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.TextIO;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;

/**
 * Inserts the lines {@code number;sensor;degrees} of text files into the table {@code
 * readings.newest} of ClickHouse, which shows the reading with the highest number of each sensor:
 * {@code InsertReadings FILES http://host:8123 [Beam options]}. Lines that are inserted twice
 * change nothing, because the number is the version of the row.
 */
public final class InsertReadings {
  private InsertReadings() {}

  public static void main(String[] arguments) {
    String[] options = List.of(arguments).subList(2, arguments.length).toArray(String[]::new);
    run(
        arguments[0],
        ClickHouseSettings.of(arguments[1]),
        PipelineOptionsFactory.fromArgs(options).create());
  }

  /** Makes the table, if there is none, and inserts every line. */
  static void run(String files, ClickHouseSettings server, PipelineOptions options) {
    ClickHouseClient client = new ClickHouseClient(server);
    client.execute("creating the database readings", "CREATE DATABASE IF NOT EXISTS readings");
    client.execute(
        "creating readings.newest",
        "CREATE TABLE IF NOT EXISTS readings.newest (sensor String, degrees Float64, number UInt64)"
            + " ENGINE = ReplacingMergeTree(number) ORDER BY sensor");

    Pipeline pipeline = Pipeline.create(options);
    pipeline
        .apply("ReadLines", TextIO.read().from(files))
        .apply(
            "InsertReadings",
            ClickHouseIO.<String>write(server)
                .into("readings.newest", "number", "sensor", "degrees")
                .withValues(InsertReadings::values));
    pipeline.run().waitUntilFinish();
  }

  private static List<@Nullable Object> values(String line) {
    String[] parts = line.split(";", 3);
    return Arrays.asList(Long.valueOf(parts[0]), parts[1], Double.valueOf(parts[2]));
  }
}
