package clicklake.flow;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Reads a lake's tables with nothing that wrote them: replays the log's JSON files by hand, and
 * takes rows from Parquet's own example reader.
 */
public final class LakeReader {
  private static final JsonMapper JSON = new JsonMapper();

  private final Path lake;

  public LakeReader(Path lake) {
    this.lake = lake;
  }

  /** Every row, with the partition's column as text; empty if there is no such table. */
  public List<Map<String, @Nullable Object>> rows(String table) throws IOException {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    forEachRow(table, rows::add);
    return rows;
  }

  /** The same, one after the other, for tables that do not fit into memory as rows. */
  public void forEachRow(String table, Consumer<Map<String, @Nullable Object>> action)
      throws IOException {
    for (Map.Entry<String, JsonNode> file : liveFiles(table).entrySet()) {
      Path parquet = lake.resolve(table).resolve(URLDecoder.decode(file.getKey(), UTF_8));
      try (ParquetReader<Group> reader = new Groups(new LocalInputFile(parquet)).build()) {
        for (Group group = reader.read(); group != null; group = reader.read()) {
          Map<String, @Nullable Object> row = row(group);
          file.getValue()
              .path("partitionValues")
              .fields()
              .forEachRemaining(value -> row.put(value.getKey(), value.getValue().asText()));
          action.accept(row);
        }
      }
    }
  }

  /** How many versions a table has. */
  int versions(String table) throws IOException {
    return log(table).size();
  }

  /** The files of a table's log, by version. */
  List<Path> log(String table) throws IOException {
    Path log = lake.resolve(table).resolve("_delta_log");
    if (!Files.isDirectory(log)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(log)) {
      return files.filter(file -> file.toString().matches(".*/\\d{20}\\.json")).sorted().toList();
    }
  }

  private Map<String, JsonNode> liveFiles(String table) throws IOException {
    Map<String, JsonNode> live = new LinkedHashMap<>();
    for (Path version : log(table)) {
      for (String line : Files.readAllLines(version)) {
        JsonNode action = JSON.readTree(line);
        if (action.has("add")) {
          live.put(action.get("add").get("path").asText(), action.get("add"));
        } else if (action.has("remove")) {
          live.remove(action.get("remove").get("path").asText());
        }
      }
    }
    return live;
  }

  private static Map<String, @Nullable Object> row(Group group) {
    Map<String, @Nullable Object> row = new HashMap<>();
    for (Type field : group.getType().getFields()) {
      row.put(
          field.getName(),
          group.getFieldRepetitionCount(field.getName()) == 0
              ? null
              : value(group, field.asPrimitiveType()));
    }
    return row;
  }

  private static Object value(Group group, PrimitiveType type) {
    String name = type.getName();
    LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
    return switch (type.getPrimitiveTypeName()) {
      case INT32 -> group.getInteger(name, 0);
      case INT64 -> {
        long number = group.getLong(name, 0);
        if (meaning instanceof DecimalLogicalTypeAnnotation decimal) {
          yield new BigDecimal(BigInteger.valueOf(number), decimal.getScale());
        }
        yield meaning instanceof TimestampLogicalTypeAnnotation
            ? Instant.EPOCH.plus(number, ChronoUnit.MICROS)
            : (Object) number;
      }
      case BOOLEAN -> group.getBoolean(name, 0);
      case DOUBLE -> group.getDouble(name, 0);
      case BINARY ->
          meaning instanceof StringLogicalTypeAnnotation
              ? group.getString(name, 0)
              : ByteBuffer.wrap(group.getBinary(name, 0).getBytes());
      default -> throw new IllegalArgumentException("no column of ours: " + type);
    };
  }

  private static final class Groups extends ParquetReader.Builder<Group> {
    private Groups(InputFile file) {
      super(file, new PlainParquetConfiguration());
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return new GroupReadSupport();
    }
  }
}
