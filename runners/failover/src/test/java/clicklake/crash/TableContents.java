package clicklake.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.io.LocalInputFile;
import org.jspecify.annotations.Nullable;

/**
 * A Delta table as the protocol's text says it is to be read: every commit of the log in turn, then
 * the files that are left. It knows nothing of the code that wrote them.
 */
final class TableContents {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String LEDGER = "clicklake.ledger";

  private final Path folder;
  private final Set<String> live = new LinkedHashSet<>();
  private final Set<String> everNamed = new HashSet<>();
  private @Nullable JsonNode ledger;
  private long version = -1;

  private TableContents(Path folder) {
    this.folder = folder;
  }

  /** Reads the newest version; a table that is not there has no rows and the version -1. */
  static TableContents of(Path folder) {
    TableContents table = new TableContents(folder);
    try {
      table.replay();
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the log of " + folder, e);
    }
    return table;
  }

  private void replay() throws IOException {
    Path log = folder.resolve("_delta_log");
    TreeMap<Long, Path> commits = new TreeMap<>();
    if (Files.isDirectory(log)) {
      try (Stream<Path> files = Files.list(log)) {
        files
            .filter(file -> file.getFileName().toString().matches("\\d{20}\\.json"))
            .forEach(
                file ->
                    commits.put(
                        Long.parseLong(file.getFileName().toString().substring(0, 20)), file));
      }
    }
    for (var commit : commits.entrySet()) {
      if (commit.getKey() != version + 1) {
        throw new AssertionError(folder + ": after version " + version + " comes " + commit);
      }
      version = commit.getKey();
      for (String line : Files.readAllLines(commit.getValue())) {
        apply(JSON.readTree(line));
      }
    }
  }

  private void apply(JsonNode action) throws IOException {
    if (action.has("add")) {
      String path = path(action.get("add"));
      everNamed.add(path);
      live.add(path);
    } else if (action.has("remove")) {
      live.remove(path(action.get("remove")));
    } else if (action.path("domainMetadata").path("domain").asText().equals(LEDGER)) {
      ledger = JSON.readTree(action.path("domainMetadata").path("configuration").asText());
    }
  }

  private static String path(JsonNode file) {
    return URI.create(file.get("path").asText()).getPath();
  }

  long version() {
    return version;
  }

  /** The newest ledger; null if there is none. */
  @Nullable JsonNode ledger() {
    return ledger;
  }

  /** Shows every row. */
  void rows(Consumer<GenericRecord> visitor) {
    for (String path : live) {
      try (ParquetReader<GenericRecord> reader =
          AvroParquetReader.<GenericRecord>builder(new LocalInputFile(folder.resolve(path)))
              .build()) {
        for (GenericRecord row = reader.read(); row != null; row = reader.read()) {
          visitor.accept(row);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("could not read " + path + " of " + folder, e);
      }
    }
  }

  /** Rows in finished files that no version ever named: written in vain, and written again. */
  long strayRows() {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    long rows = 0;
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String path = folder.relativize(file).toString();
        if (path.endsWith(".parquet")
            && !path.startsWith("_delta_log")
            && !file.getFileName().toString().startsWith(".")
            && !everNamed.contains(path)) {
          rows += rowsOf(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not list " + folder, e);
    }
    return rows;
  }

  private static long rowsOf(Path file) throws IOException {
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
      return reader.getRecordCount();
    } catch (RuntimeException torn) {
      // A file whose writer was killed has no footer.
      return 0;
    }
  }
}
