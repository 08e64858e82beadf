package clicklake.soak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.avro.AvroReadSupport;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.io.LocalInputFile;

/** What the commits of a table brought, and when; read without the code that wrote them. */
final class DeltaLog {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Schema ARRIVAL =
      SchemaBuilder.record("row").fields().optionalLong("_ingested_at").endRecord();

  private final Path table;
  private final List<Commit> commits = new ArrayList<>();

  /**
   * A commit with files.
   *
   * @param version its number
   * @param millis when it was put
   * @param files the data files it adds
   * @param dates how many dates these are of
   * @param ledgerBytes size of the ledger in it
   */
  record Commit(long version, long millis, List<Path> files, int dates, int ledgerBytes) {}

  private DeltaLog(Path table) {
    this.table = table;
  }

  /** The commits, oldest first, that added files. */
  static List<Commit> commits(Path table) {
    DeltaLog log = new DeltaLog(table);
    try (Stream<Path> files = Files.list(table.resolve("_delta_log"))) {
      for (Path file :
          (Iterable<Path>)
              files.filter(one -> one.toString().matches(".*/\\d{20}\\.json")).sorted()::iterator) {
        log.read(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the log of " + table, e);
    }
    return log.commits;
  }

  private void read(Path file) throws IOException {
    List<Path> added = new ArrayList<>();
    Set<String> dates = new HashSet<>();
    int ledger = 0;
    for (String line : Files.readAllLines(file)) {
      JsonNode action = JSON.readTree(line);
      if (action.has("add")) {
        added.add(table.resolve(URI.create(action.path("add").path("path").asText()).getPath()));
        dates.add(action.path("add").path("partitionValues").toString());
      }
      ledger += action.path("domainMetadata").path("configuration").asText().length();
    }
    if (!added.isEmpty()) {
      commits.add(
          new Commit(
              Long.parseLong(file.getFileName().toString().substring(0, 20)),
              Files.getLastModifiedTime(file).toMillis(),
              added,
              dates.size(),
              ledger));
    }
  }

  /** Shows the arrival of every row that a commit added, in milliseconds. */
  static void arrivals(Commit commit, LongConsumer visitor) {
    Configuration configuration = new Configuration(false);
    AvroReadSupport.setRequestedProjection(configuration, ARRIVAL);
    for (Path file : commit.files()) {
      try (ParquetReader<GenericRecord> reader =
          AvroParquetReader.<GenericRecord>builder(new LocalInputFile(file))
              .withConf(configuration)
              .build()) {
        for (GenericRecord row = reader.read(); row != null; row = reader.read()) {
          visitor.accept((Long) row.get(0) / 1000);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("could not read " + file, e);
      }
    }
  }
}
