package clicklake.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import clicklake.io.SourceException;
import clicklake.io.lake.DeadLetters.Letter;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** How often dead letters are sent and waited for, and what is told of them. */
class KafkaDeadLettersTest {
  private static final KafkaSettings SETTINGS = KafkaSettings.of("nowhere:1", "letters");

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    logger().addAppender(log);
  }

  @AfterEach
  void stopListening() {
    logger().detachAppender(log);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(KafkaDeadLetters.class);
  }

  @Test
  void lettersThatATopicRefusesAreSentOnceAndWaitedForTogether() {
    RefusingProducer producer = new RefusingProducer(all -> new InvalidRecordException("no key"));

    publish(producer, letters(1000, null));

    assertThat(producer.count()).isEqualTo(1000);
    assertThat(producer.flushes()).containsExactly(1000);
    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "topic letters at nowhere:1 does not take 1000 dead letters, the first that of"
                + " clicks/0@0 (org.apache.kafka.common.InvalidRecordException: no key);"
                + " quarantine has them");
  }

  @Test
  void lettersThatAreTooLargeAreSentAgainAllAtOnceEachTimeLessOfThem() {
    RefusingProducer producer = new RefusingProducer(all -> new RecordTooLargeException("large"));

    publish(producer, letters(10, "{".getBytes(UTF_8)));

    assertThat(producer.flushes()).containsExactly(10, 10, 10);
    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "topic letters at nowhere:1 does not take 10 dead letters, the first that of"
                + " clicks/0@0 (org.apache.kafka.common.errors.RecordTooLargeException: large);"
                + " quarantine has them");
  }

  @Test
  void lettersOfARefusedBatchAreSentAgainTogetherAndThenEachByItself() {
    RefusingProducer producer =
        new RefusingProducer(all -> all.size() <= 6 ? new KafkaException("its batch") : null);

    publish(producer, letters(3, null));

    assertThat(producer.flushes()).containsExactly(3, 3, 1, 1, 1, 0);
    assertThat(log.list).isEmpty();
  }

  @Test
  void aLetterThatIsRefusedByItselfForNoReasonOfItsOwnFails() {
    RefusingProducer producer = new RefusingProducer(all -> new KafkaException("its batch"));

    assertThatThrownBy(() -> publish(producer, letters(1, null)))
        .isInstanceOf(SourceException.class)
        .hasMessage(
            "Writing dead letters to topic letters at nowhere:1:"
                + " org.apache.kafka.common.KafkaException: its batch; check the broker and the"
                + " topic, the letters will be written again");
    assertThat(producer.flushes()).containsExactly(1, 1, 1, 0);
  }

  @Test
  void lettersWithoutAValueTakeMemoryToo() {
    RefusingProducer producer = new RefusingProducer(all -> null);

    publish(producer, letters(40_000, null));

    // 32 MiB of 1024 bytes and a detail of 2 each, and the rest.
    assertThat(producer.flushes()).containsExactly(32_705, 40_000 - 32_705);
  }

  private static void publish(RefusingProducer producer, List<Letter> letters) {
    try (KafkaDeadLetters dead = new KafkaDeadLetters(SETTINGS, producer)) {
      dead.publish(letters);
    }
  }

  private static List<Letter> letters(int count, byte @Nullable [] value) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Letter("clicks", 0, i, null, null, value, "not_json", null, "[]"))
        .toList();
  }
}
