package clicklake.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import clicklake.transforms.parse.ParserSettings;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that agrees with every lake would prove nothing. */
class SequentialLakeTest {
  @TempDir private Path folder;

  @Test
  void aLakeIsRefusedForARecordTooFewOrTooManyOrOtherwise() throws Exception {
    Path landing = Files.createDirectory(folder.resolve("landing"));
    Path lake = folder.resolve("lake");
    String lines =
        """
        {"event_id":"00000000-0000-4000-8000-000000000001","schema_version":2,"event_time":"2024-03-01T10:00:00Z","user_id":"u","action":"view","page":"/","price":1.50,"new":[1]}
        {"event_id":"00000000-0000-4000-8000-000000000001","schema_version":2,"event_time":"2024-03-01T10:00:00Z","user_id":"u","action":"view","page":"/","price":1.50,"new":[1]}
        {"event_id":"00000000-0000-4000-8000-000000000002","schema_version":1,"event_time":"2024-03-01T10:00:00Z","user_id":"u","action":"view","page":"/"}
        {"event_id":"00000000-0000-4000-8000-000000000003","schema_version":1,"event_time":"2024-03-01T10:00:00Z","user_id":"u","action":"login","page":"/"}
        """;
    Files.writeString(landing.resolve("events.ndjson"), lines);
    Program.round("--landing=" + landing, "--lake=" + lake);
    List<SourceRecord> records = SourceRecord.inFolder(landing);
    SequentialLake.of(records, ParserSettings.DEFAULTS).assertHeldBy(lake);

    for (int i = 0; i < records.size(); i++) {
      List<SourceRecord> tooFew = new ArrayList<>(records);
      tooFew.remove(i);
      assertRefused(tooFew, lake, "bronze/events");
      List<SourceRecord> later = new ArrayList<>(records);
      later.set(i, arrived(records.get(i), records.get(i).arrival() + 1));
      assertRefused(later, lake, "bronze/events");
    }
    List<SourceRecord> tooMany = new ArrayList<>(records);
    tooMany.add(
        new SourceRecord(
            new SourceRecord.Position("events.ndjson", 0, 4),
            records.get(0).arrival(),
            null,
            null,
            ByteBuffer.wrap("broken".getBytes(UTF_8))));
    assertRefused(tooMany, lake, "bronze/events");
  }

  @Test
  void aLakeIsRefusedForRecordsThatEndElsewhere() throws Exception {
    Path landing = Files.createDirectory(folder.resolve("landing"));
    Path lake = folder.resolve("lake");
    Files.writeString(
        landing.resolve("events.ndjson"),
        """
        {"user_id":17,"event_id":"00000000-0000-4000-8000-000000000001","event_type":"login","page":"/","timestamp":"2024-03-01T10:00:00Z"}
        """);
    Program.round("--landing=" + landing, "--lake=" + lake, "--dialect=user-events");

    // The same bytes, read in the wrong dialect.
    assertRefused(SourceRecord.inFolder(landing), lake, "quarantine/events");
  }

  private static SourceRecord arrived(SourceRecord record, long arrival) {
    return new SourceRecord(
        record.position(), arrival, record.key(), record.headers(), record.value());
  }

  private static void assertRefused(List<SourceRecord> records, Path lake, String table) {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> SequentialLake.of(records, ParserSettings.DEFAULTS).assertHeldBy(lake))
        .withMessageContaining(table);
  }
}
