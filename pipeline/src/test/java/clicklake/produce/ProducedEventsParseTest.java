package clicklake.produce;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.produce.EventGenerator.Kind;
import clicklake.schemas.batch.Bytes;
import clicklake.schemas.contract.RejectReason;
import clicklake.transforms.parse.EventParser;
import clicklake.transforms.parse.ParserSettings;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProducedEventsParseTest {
  private static final long ARRIVAL = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

  @ParameterizedTest
  @EnumSource
  void thePipelinesParserRejectsWhatIsBrokenForTheReasonThatIsCounted(ProducePlan.Form form) {
    ProducePlan plan = ProducePlan.of(17, 50_000).withForm(form).withShares(0.02, 0.02, 0.2, 0.1);
    EventGenerator generator = new EventGenerator(plan);
    EventParser parser = new EventParser(ParserSettings.DEFAULTS);
    Map<RejectReason, Long> rejects = new EnumMap<>(RejectReason.class);
    Bytes record = new Bytes(4096);
    for (Kind kind = generator.next(record); kind != Kind.END; kind = generator.next(record)) {
      if (kind != Kind.BLANK) {
        boolean valid = parser.parse(record.array(), 0, record.size(), ARRIVAL);
        assertThat(valid).isEqualTo(kind != Kind.BROKEN);
        if (!valid) {
          rejects.merge(parser.reject().reason(), 1L, Long::sum);
        }
      }
      record.clear();
    }

    assertThat(rejects).isEqualTo(generator.counts().rejects());
  }
}
