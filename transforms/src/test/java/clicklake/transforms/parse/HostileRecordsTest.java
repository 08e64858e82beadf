package clicklake.transforms.parse;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.contract.Dialect;
import clicklake.schemas.contract.RejectReason;
import clicklake.transforms.pseudonym.PseudonymKey;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * No bytes make the parser throw, and of all of them it says what the reference says. {@code
 * clicklake.fuzz.records} and {@code clicklake.seed} ask for more and for others.
 */
class HostileRecordsTest {
  private static final int RECORDS = Integer.getInteger("clicklake.fuzz.records", 20_000);
  private static final long SEED = Long.getLong("clicklake.seed", 1);
  private static final ParserSettings SETTINGS =
      ParserSettings.DEFAULTS.withKey(new PseudonymKey("k", new byte[32]));
  private static final long[] ARRIVALS = {
    Instant.parse("2026-01-01T00:00:00Z").toEpochMilli(),
    Instant.parse("2024-02-10T12:00:00Z").toEpochMilli(),
    0,
    -1,
    1_767_225_600,
    253_402_300_799_999L,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
  };

  @Test
  void theParserAgreesWithTheReferenceOnHostileRecords() {
    HostileRecords records = new HostileRecords(SEED, 400, true, List.of());
    Map<Dialect, EventParser> parsers = new EnumMap<>(Dialect.class);
    Map<RejectReason, Integer> reasons = new EnumMap<>(RejectReason.class);
    int valid = 0;
    for (int i = 0; i < RECORDS; i++) {
      byte[] record = records.next();
      Dialect dialect = i % 10 == 0 ? Dialect.USER_EVENTS : Dialect.CLICKSTREAM;
      ParserSettings settings = SETTINGS.withDialect(dialect);
      EventParser parser = parsers.computeIfAbsent(dialect, any -> new EventParser(settings));
      long arrival = ARRIVALS[i % ARRIVALS.length];
      try {
        EventParserPropertiesTest.agree(record, parser, settings, arrival);
      } catch (RuntimeException | Error e) {
        throw new AssertionError(
            "seed " + SEED + ", record " + i + ", arrival " + arrival + ", " + dialect, e);
      }
      if (parser.parse(record, 0, record.length, arrival)) {
        valid++;
      } else {
        reasons.merge(parser.reject().reason(), 1, Integer::sum);
      }
    }
    // Neither all right nor all wrong, or little would have been tried.
    assertThat(valid).isBetween(RECORDS / 10, RECORDS * 4 / 5);
    assertThat(reasons.keySet())
        .contains(
            RejectReason.NOT_UTF8,
            RejectReason.NOT_JSON,
            RejectReason.NOT_OBJECT,
            RejectReason.TOO_DEEP,
            RejectReason.MISSING_FIELD,
            RejectReason.WRONG_TYPE,
            RejectReason.BAD_TIME,
            RejectReason.EVENT_TIME_OUT_OF_RANGE,
            RejectReason.FUTURE_EVENT_TIME,
            RejectReason.BAD_ENUM);
  }
}
