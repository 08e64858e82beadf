package clicklake.flow;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.flow.SourceRecord.Position;
import clicklake.io.lake.EventLake;
import clicklake.io.lake.LakeCounts;
import clicklake.schemas.contract.RejectReason;
import clicklake.schemas.eventkey.SameEvent;
import clicklake.schemas.lake.LakeLocation;
import clicklake.transforms.parse.Json;
import clicklake.transforms.parse.ParsedEvent;
import clicklake.transforms.parse.ParserSettings;
import clicklake.transforms.parse.ReferenceParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a lake must hold of given records, found one record after the other in the order of rank
 * (arrival, then position). Among identical copies any may be the row; among different ones with
 * the same id and time the first is.
 *
 * <p>Where records of one id have different times within the horizon, the one decided first stays,
 * and which that is depends on the order. Of such ids only what is promised is compared: rows have
 * a record's content and are more than the horizon apart, and every record has a row within it.
 */
public final class SequentialLake {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MOST_DIFFERENCES = 5;

  /** Of silver: what is not the event's content. */
  private static final Set<String> ABOUT_THE_ROW =
      Set.of("_source", "_partition", "_offset", "_ingested_at", "_processed_at", "_digest");

  /**
   * An event of silver.
   *
   * @param columns its content
   * @param copies the identical records, any of which may be named by the row
   */
  private record Event(Map<String, Object> columns, Map<Position, SourceRecord> copies)
      implements SameEvent.Claim<Event> {
    @Override
    public long eventMicros() {
      return ChronoUnit.MICROS.between(Instant.EPOCH, time(columns));
    }

    @Override
    public boolean sameContent(Event other) {
      return columns.equals(other.columns);
    }

    /** Records come in the order of their rank. */
    @Override
    public boolean ranksBefore(Event other) {
      return false;
    }
  }

  private final Map<Position, SourceRecord> bronze = new TreeMap<>();
  private final Map<Position, List<ReferenceParser.Fault>> rejects = new TreeMap<>();
  private final Map<String, List<Event>> events = new HashMap<>();

  /** All valid records by id, each as an event of its own. */
  private final Map<String, List<Event>> valid = new HashMap<>();

  private final Map<Position, Map<String, Object>> contents = new HashMap<>();
  private final SameEvent sameEvent;
  private final String rules;
  private long silver;
  private long duplicates;
  private long conflicts;

  private SequentialLake(Duration horizon, String rules) {
    this.sameEvent = SameEvent.within(horizon);
    this.rules = rules;
  }

  /** The lake of some records, each given once. */
  public static SequentialLake of(List<SourceRecord> records, ParserSettings settings) {
    return of(records, settings, Duration.ofHours(24));
  }

  /** The lake of some records with another dedupe horizon. */
  static SequentialLake of(List<SourceRecord> records, ParserSettings settings, Duration horizon) {
    SequentialLake lake = new SequentialLake(horizon, settings.rulesVersion());
    ReferenceParser parser = new ReferenceParser(settings);
    records.stream()
        .sorted(
            Comparator.comparingLong(SourceRecord::arrival).thenComparing(SourceRecord::position))
        .forEach(record -> lake.take(record, parser));
    return lake;
  }

  private void take(SourceRecord record, ReferenceParser parser) {
    assertThat(bronze.put(record.position(), record)).as("given twice").isNull();
    ReferenceParser.Result result = parser.parse(record.bytes(), record.arrival());
    ParsedEvent event = result.event();
    if (event == null) {
      rejects.put(record.position(), result.faults());
      return;
    }
    Map<String, Object> columns = columns(event, Objects.requireNonNull(result.rescued()));
    contents.put(record.position(), columns);
    Map<Position, SourceRecord> copies = new TreeMap<>();
    copies.put(record.position(), record);
    Event taken = new Event(columns, copies);
    String id = event.id().toString();
    valid
        .computeIfAbsent(id, i -> new ArrayList<>())
        .add(new Event(columns, Map.of(record.position(), record)));
    List<Event> sameId = events.computeIfAbsent(id, i -> new ArrayList<>());
    SameEvent.Decision<Event> decision = sameEvent.decide(taken, sameId);
    switch (decision.outcome()) {
      case ROW -> {
        sameId.add(taken);
        silver++;
      }
      case COPY -> {
        duplicates++;
        Objects.requireNonNull(decision.row()).copies().putAll(copies);
      }
      case CONFLICT -> {
        duplicates++;
        conflicts++;
      }
      case DISPLACES -> throw new AssertionError("out of rank: " + record);
    }
  }

  /** The ids whose rows depend on the order in which records are decided. */
  private Set<String> idsThatDependOnOrder() {
    Set<String> ids = new HashSet<>();
    valid.forEach(
        (id, records) -> {
          for (Event one : records) {
            for (Event other : records) {
              if (one.eventMicros() != other.eventMicros() && isSame(one, other)) {
                ids.add(id);
              }
            }
          }
        });
    return ids;
  }

  private boolean isSame(Event one, Event other) {
    return SameEvent.holds(one.eventMicros(), other.eventMicros(), sameEvent.horizonMicros());
  }

  private static Instant time(Map<String, Object> columns) {
    return (Instant) Objects.requireNonNull(columns.get("event_time"));
  }

  private static Map<String, Object> columns(ParsedEvent event, Map<String, Object> rescued) {
    Map<String, Object> columns = new HashMap<>();
    Instant time = Instant.EPOCH.plus(event.micros(), ChronoUnit.MICROS);
    columns.put("event_id", event.id().toString());
    columns.put("schema_version", event.version());
    columns.put("event_time", time);
    columns.put("event_date", date(time));
    columns.put("action", event.action().text());
    if (event.deviceType() != null) {
      columns.put("device_type", event.deviceType().text());
    }
    if (event.quantity() != null) {
      columns.put("quantity", event.quantity());
    }
    if (event.price() != null) {
      columns.put("price", new BigDecimal(BigInteger.valueOf(event.price()), 4));
    }
    event
        .texts()
        .forEach((field, text) -> columns.put(field.name().toLowerCase(Locale.ROOT), text));
    if (!rescued.isEmpty()) {
      columns.put("_rescued_data", rescued);
    }
    return columns;
  }

  private static String date(Instant time) {
    return time.atOffset(ZoneOffset.UTC).toLocalDate().toString();
  }

  /** The counts that the lake's own ledgers must show. */
  public LakeCounts counts() {
    return new LakeCounts(bronze.size(), silver, rejects.size(), duplicates, conflicts);
  }

  /** Every event's content, without the positions of its row. */
  public Set<Map<String, Object>> events() {
    Set<Map<String, Object>> all = new HashSet<>();
    events.values().forEach(some -> some.forEach(event -> all.add(event.columns())));
    return all;
  }

  /** The records that quarantine must hold, with the code of the first fault. */
  Map<SourceRecord, String> rejected() {
    Map<SourceRecord, String> all = new HashMap<>();
    rejects.forEach(
        (position, faults) ->
            all.put(Objects.requireNonNull(bronze.get(position)), faults.get(0).reason().code()));
    return all;
  }

  /**
   * Compares table by table, row by row, column by column, and the ledgers' counts; the program's
   * own verify must agree.
   */
  void assertHeldBy(Path lake) throws IOException {
    assertTablesOf(lake);
    assertThat(Program.run("verify", "--lake=" + lake)).as("verify").isZero();
  }

  /** Compares table by table, row by row, column by column, and the ledgers' counts. */
  public void assertTablesOf(Path lake) throws IOException {
    LakeReader reader = new LakeReader(lake);
    assertBronze(reader.rows("bronze/events"));
    assertQuarantine(reader.rows("quarantine/events"));
    Set<String> dependent = idsThatDependOnOrder();
    Map<Boolean, List<Map<String, @Nullable Object>>> rows =
        reader.rows("silver/events").stream()
            .collect(
                Collectors.partitioningBy(
                    row -> dependent.contains(String.valueOf(row.get("event_id")))));
    assertSilver(rows.get(false), dependent);
    assertPromise(rows.get(true), dependent);
    assertCounts(EventLake.at(LakeLocation.of(lake)).counts(), rows.get(true).size(), dependent);
  }

  private void assertCounts(LakeCounts counts, int dependentRows, Set<String> dependent) {
    long modelRows = 0;
    long modelConflicts = 0;
    long records = 0;
    for (String id : dependent) {
      long rows = Objects.requireNonNull(events.get(id)).size();
      List<Event> all = Objects.requireNonNull(valid.get(id));
      modelRows += rows;
      records += all.size();
      modelConflicts +=
          all.size()
              - Objects.requireNonNull(events.get(id)).stream()
                  .mapToLong(event -> event.copies().size())
                  .sum();
    }
    long copies = records - dependentRows;
    assertThat(counts)
        .isEqualTo(
            new LakeCounts(
                bronze.size(),
                silver - modelRows + dependentRows,
                rejects.size(),
                duplicates + modelRows - dependentRows,
                dependent.isEmpty() ? conflicts : counts.conflicts()));
    assertThat(counts.conflicts())
        .as("conflicts")
        .isBetween(conflicts - modelConflicts, conflicts - modelConflicts + copies);
  }

  /** Compares what is promised of ids whose rows depend on the order. */
  private void assertPromise(List<Map<String, @Nullable Object>> rows, Set<String> dependent) {
    Map<String, List<Event>> found = new HashMap<>();
    for (Map<String, @Nullable Object> row : rows) {
      Map<String, Object> columns = content(row);
      String id = String.valueOf(row.get("event_id"));
      assertThat(Objects.requireNonNull(valid.get(id)))
          .as("a row names a record with its content: %s", row)
          .anyMatch(
              record ->
                  record.columns().equals(columns) && record.copies().containsKey(position(row)));
      List<Event> sameId = found.computeIfAbsent(id, i -> new ArrayList<>());
      Event event = new Event(columns, Map.of());
      assertThat(sameId).as("event twice: %s", row).noneMatch(other -> isSame(event, other));
      sameId.add(event);
    }
    for (String id : dependent) {
      for (Event record : Objects.requireNonNull(valid.get(id))) {
        assertThat(found.getOrDefault(id, List.of()))
            .as("a row for %s", record)
            .anyMatch(row -> isSame(row, record));
      }
    }
  }

  /**
   * Compares what no order of records decides: bronze, quarantine, the content of each row of
   * silver with that of the record it names, and that each valid record is a row or a duplicate.
   * For records whose ids come again with other times and contents, of which the lake may keep
   * others than this model.
   */
  public void assertHoldsEveryRecord(Path lake) throws IOException {
    LakeReader reader = new LakeReader(lake);
    assertBronze(reader.rows("bronze/events"));
    assertQuarantine(reader.rows("quarantine/events"));
    Map<Object, Object> found = new HashMap<>();
    Map<Object, Object> expected = new HashMap<>();
    for (Map<String, @Nullable Object> row : reader.rows("silver/events")) {
      Position position = position(row);
      assertThat(found.put(position, content(row))).as("doubled: %s", position).isNull();
      expected.put(position, Objects.requireNonNull(contents.get(position), "a reject in silver"));
      assertThat(row.get("_ingested_at"))
          .isEqualTo(Instant.ofEpochMilli(Objects.requireNonNull(bronze.get(position)).arrival()));
    }
    assertSame("silver/events", found, expected);
    LakeCounts counts = EventLake.at(LakeLocation.of(lake)).counts();
    assertThat(counts.silver()).isEqualTo(found.size());
    assertThat(counts.rejects()).isEqualTo(rejects.size());
    assertThat(counts.silver() + counts.duplicates()).isEqualTo(contents.size());
    assertThat(counts.bronze()).isEqualTo(contents.size() + rejects.size());
  }

  private void assertBronze(List<Map<String, @Nullable Object>> rows) {
    Map<Object, Object> expected = new TreeMap<>();
    bronze.forEach((position, record) -> expected.put(position, asBronze(record)));
    assertSame("bronze/events", byPosition(rows), expected);
  }

  private void assertQuarantine(List<Map<String, @Nullable Object>> rows) {
    Map<Object, Object> expected = new TreeMap<>();
    rejects.forEach(
        (position, faults) -> {
          Map<String, @Nullable Object> row =
              asBronze(Objects.requireNonNull(bronze.get(position)));
          row.put("reason", faults.get(0).reason().code());
          row.put("field", faults.get(0).field());
          row.put("detail", faults);
          row.put("stage", "parse");
          row.put("processor_version", rules);
          expected.put(position, row);
        });
    rows.forEach(row -> row.computeIfPresent("detail", (name, json) -> faultsOf((String) json)));
    assertSame("quarantine/events", byPosition(rows), expected);
  }

  private static List<ReferenceParser.Fault> faultsOf(String json) {
    List<ReferenceParser.Fault> faults = new ArrayList<>();
    try {
      for (JsonNode fault : JSON.readTree(json)) {
        faults.add(
            new ReferenceParser.Fault(
                RejectReason.valueOf(fault.get("reason").asText().toUpperCase(Locale.ROOT)),
                fault.path("field").asText(null)));
      }
    } catch (IOException e) {
      throw new AssertionError(json, e);
    }
    return faults;
  }

  private void assertSilver(List<Map<String, @Nullable Object>> rows, Set<String> withoutThese) {
    Map<Object, Object> found = new HashMap<>();
    Map<Object, Object> expected = new HashMap<>();
    events.forEach(
        (id, some) -> {
          if (!withoutThese.contains(id)) {
            some.forEach(event -> expected.put(key(event.columns()), event.columns()));
          }
        });
    for (Map<String, @Nullable Object> row : rows) {
      Map<String, Object> content = content(row);
      assertThat(found.put(key(content), content)).as("doubled in silver").isNull();
    }
    assertSame("silver/events", found, expected);
    for (Map<String, @Nullable Object> row : rows) {
      Event event =
          events.get(String.valueOf(row.get("event_id"))).stream()
              .filter(one -> time(one.columns()).equals(row.get("event_time")))
              .findFirst()
              .orElseThrow();
      SourceRecord copy = event.copies().get(position(row));
      assertThat(copy).as("a row names a record with its content: %s", row).isNotNull();
      assertThat(row.get("_ingested_at")).isEqualTo(Instant.ofEpochMilli(copy.arrival()));
      assertThat(row.get("_processed_at")).isInstanceOf(Instant.class);
    }
  }

  /** What a row of silver says of the event itself. */
  static Map<String, Object> content(Map<String, @Nullable Object> row) {
    Map<String, Object> content = new HashMap<>();
    row.forEach(
        (name, value) -> {
          if (value != null && !ABOUT_THE_ROW.contains(name)) {
            content.put(name, name.equals("_rescued_data") ? json((String) value) : value);
          }
        });
    return content;
  }

  private static Object json(String text) {
    try {
      return Json.read(text.getBytes(StandardCharsets.UTF_8)).value();
    } catch (Json.Unsound e) {
      throw new AssertionError("_rescued_data is no JSON: " + text, e);
    }
  }

  private static String key(Map<String, Object> columns) {
    return columns.get("event_id") + " at " + columns.get("event_time");
  }

  private static Map<String, @Nullable Object> asBronze(SourceRecord record) {
    Map<String, @Nullable Object> row = new HashMap<>();
    row.put("_source", record.position().source());
    row.put("_partition", record.position().partition());
    row.put("_offset", record.position().offset());
    row.put("_ingested_at", Instant.ofEpochMilli(record.arrival()));
    row.put("ingest_date", date(Instant.ofEpochMilli(record.arrival())));
    row.put("_key", record.key());
    row.put("_headers", record.headers());
    row.put("value", record.value());
    return row;
  }

  private static Map<Object, Object> byPosition(List<Map<String, @Nullable Object>> rows) {
    Map<Object, Object> byPosition = new TreeMap<>();
    for (Map<String, @Nullable Object> row : rows) {
      assertThat(byPosition.put(position(row), row)).as("doubled: %s", position(row)).isNull();
    }
    return byPosition;
  }

  static Position position(Map<String, @Nullable Object> row) {
    return new Position(
        (String) Objects.requireNonNull(row.get("_source")),
        (Integer) Objects.requireNonNull(row.get("_partition")),
        (Long) Objects.requireNonNull(row.get("_offset")));
  }

  private static void assertSame(
      String table, Map<Object, Object> found, Map<Object, Object> expected) {
    List<String> differences = new ArrayList<>();
    expected.forEach(
        (key, row) -> {
          if (differences.size() < MOST_DIFFERENCES && !row.equals(found.get(key))) {
            differences.add(key + ": expected " + row + ", found " + found.get(key));
          }
        });
    found.forEach(
        (key, row) -> {
          if (differences.size() < MOST_DIFFERENCES && !expected.containsKey(key)) {
            differences.add(key + ": too much " + row);
          }
        });
    assertThat(differences).as(table).isEmpty();
    assertThat(found).as(table).hasSameSizeAs(expected);
  }
}
