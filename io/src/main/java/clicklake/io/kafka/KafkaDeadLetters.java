package clicklake.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import clicklake.io.SourceException;
import clicklake.io.lake.DeadLetters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes refused records to a topic, each at least once: after a failure, those since the last
 * {@link #flush()} are written again.
 *
 * <p>Key and value are the original bytes. The original headers are followed by {@code
 * clicklake.reason}, {@code clicklake.field} (if there is one), {@code clicklake.detail}, {@code
 * clicklake.source}, {@code clicklake.partition} and {@code clicklake.offset}, all text. A record
 * that is too large for the topic is written without its value, with {@code
 * clicklake.omittedBytes}; if that is not taken either, without key, headers and detail, with
 * {@code clicklake.omittedKeyBytes} and {@code clicklake.omittedHeaderBytes}. One that is refused
 * even so, or for another reason of its own, is left to quarantine, which has every record whole.
 * Such letters are counted, and a warning names the first of many. A broker that does not answer,
 * or refuses every writer, fails the job. Not thread-safe; a deserialized copy connects again.
 */
public final class KafkaDeadLetters implements DeadLetters {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(KafkaDeadLetters.class);
  private static final int LARGEST_REQUEST = 64 << 20;

  /** Letters are kept until they are acknowledged; with so much memory they are waited for. */
  private static final long MAX_UNANSWERED_BYTES = 32L << 20;

  /** What the objects of an unacknowledged letter take, beside its bytes. */
  private static final long BYTES_PER_LETTER = 1024;

  private final Counter leftToQuarantine =
      Metrics.counter(KafkaDeadLetters.class, "left_to_quarantine");

  private final KafkaSettings settings;
  private transient @Nullable Producer<byte[], byte[]> producer;
  private transient @Nullable List<Sent> sent;

  private transient long unansweredBytes;

  /** How much of a record is written. */
  private enum Part {
    WHOLE,
    WITHOUT_VALUE,
    POSITION_AND_REASON
  }

  /**
   * A letter that is not acknowledged yet.
   *
   * @param time how often this much of it was sent before
   */
  private record Sent(Letter letter, Part part, int time, Future<RecordMetadata> answer) {}

  /**
   * @param settings where to write to; connects at the first letter
   */
  public KafkaDeadLetters(KafkaSettings settings) {
    this.settings = requireNonNull(settings, "settings");
  }

  /** With a producer of the caller's, which is closed with this. */
  KafkaDeadLetters(KafkaSettings settings, Producer<byte[], byte[]> producer) {
    this(settings);
    this.producer = producer;
  }

  /** Writes the letters and returns when the broker has all of them. */
  public void publish(Iterable<Letter> letters) {
    letters.forEach(this::send);
    flush();
  }

  @Override
  public void send(Letter letter) {
    unansweredBytes += memory(letter);
    unanswered().add(post(letter, Part.WHOLE, 0));
    if (unansweredBytes >= MAX_UNANSWERED_BYTES) {
      flush();
    }
  }

  /** About what a letter takes until it is acknowledged. */
  private static long memory(Letter letter) {
    byte[] key = letter.key();
    byte[] value = letter.value();
    String headers = letter.headers();
    return BYTES_PER_LETTER
        + (key == null ? 0 : key.length)
        + (headers == null ? 0 : headers.length())
        + (value == null ? 0 : value.length)
        + letter.detail().length();
  }

  @Override
  public void flush() {
    List<Sent> all = unanswered();
    try {
      settle(all);
    } catch (KafkaException failure) {
      throw KafkaFailures.deadLetters(settings, failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw KafkaFailures.deadLetters(settings, interrupted);
    } finally {
      all.clear();
      unansweredBytes = 0;
    }
  }

  /** Waits for answers; what was refused is sent again, all of it at once, until none is left. */
  private void settle(List<Sent> all) throws InterruptedException {
    List<Sent> underWay = all;
    int left = 0;
    Letter first = null;
    Throwable why = null;
    while (!underWay.isEmpty()) {
      producer().flush();
      List<Sent> again = new ArrayList<>();
      for (Sent one : underWay) {
        Throwable refusal = refusal(one.answer());
        if (refusal == null) {
          continue;
        }
        Sent next = postAgain(one, refusal);
        if (next != null) {
          again.add(next);
          continue;
        }
        left++;
        if (first == null) {
          first = one.letter();
          why = refusal;
        }
      }
      underWay = again;
    }
    if (first != null) {
      leftToQuarantine.inc(left);
      LOG.warn(
          "{} does not take {} dead letters, the first that of {}/{}@{} ({}); quarantine has them",
          settings,
          left,
          first.source(),
          first.partition(),
          first.offset(),
          String.valueOf(why));
    }
  }

  /** Sends a letter that was refused once more, or less of it; null if nothing of it is taken. */
  private @Nullable Sent postAgain(Sent one, Throwable refusal) {
    Letter letter = one.letter();
    if (isAboutItsBatch(refusal)) {
      // First with the others that are well; if one of them is not, by itself.
      if (one.time() == 2) {
        throw KafkaFailures.deadLetters(settings, refusal);
      }
      Sent again = post(letter, one.part(), one.time() + 1);
      if (again.time() == 2) {
        producer().flush();
      }
      return again;
    }
    if (!isTooLarge(refusal) || one.part() == Part.POSITION_AND_REASON) {
      return null;
    }
    return post(
        letter,
        one.part() == Part.WHOLE && letter.value() != null
            ? Part.WITHOUT_VALUE
            : Part.POSITION_AND_REASON,
        0);
  }

  /**
   * Why the broker did not take a record; null if it did.
   *
   * @throws SourceException if that has nothing to do with the record
   */
  private @Nullable Throwable refusal(Future<RecordMetadata> answer) throws InterruptedException {
    try {
      answer.get();
      return null;
    } catch (ExecutionException refused) {
      Throwable cause = refused.getCause();
      if (cause == null || !(isAboutTheRecord(cause) || isAboutItsBatch(cause))) {
        throw KafkaFailures.deadLetters(settings, cause);
      }
      return cause;
    }
  }

  /** Whether the topic would take another record. */
  private static boolean isAboutTheRecord(Throwable cause) {
    return isTooLarge(cause)
        || cause instanceof InvalidRecordException
        || cause instanceof InvalidTimestampException;
  }

  /** Whether the topic may take less of the record. */
  private static boolean isTooLarge(Throwable cause) {
    return cause instanceof RecordTooLargeException
        || cause instanceof RecordBatchTooLargeException;
  }

  /** Whether another record of the same batch was refused, and the whole batch with it. */
  private static boolean isAboutItsBatch(Throwable cause) {
    return cause.getClass() == KafkaException.class;
  }

  private Sent post(Letter letter, Part part, int time) {
    byte[] key = letter.key();
    byte[] value = letter.value();
    String headers = letter.headers();
    boolean bare = part == Part.POSITION_AND_REASON;
    ProducerRecord<byte[], byte[]> post =
        new ProducerRecord<>(
            settings.topic(),
            null,
            bare ? null : key,
            part == Part.WHOLE ? value : null,
            bare ? List.of() : HeadersJson.read(headers));
    add(post, "clicklake.reason", letter.reason());
    add(post, "clicklake.field", letter.field());
    if (!bare) {
      add(post, "clicklake.detail", letter.detail());
    }
    add(post, "clicklake.source", letter.source());
    add(post, "clicklake.partition", Integer.toString(letter.partition()));
    add(post, "clicklake.offset", Long.toString(letter.offset()));
    if (part != Part.WHOLE && value != null) {
      add(post, "clicklake.omittedBytes", Integer.toString(value.length));
    }
    if (bare && key != null) {
      add(post, "clicklake.omittedKeyBytes", Integer.toString(key.length));
    }
    if (bare && headers != null) {
      add(post, "clicklake.omittedHeaderBytes", Integer.toString(headers.getBytes(UTF_8).length));
    }
    try {
      return new Sent(letter, part, time, producer().send(post));
    } catch (KafkaException failure) {
      throw KafkaFailures.deadLetters(settings, failure);
    }
  }

  private static void add(ProducerRecord<byte[], byte[]> post, String key, @Nullable String value) {
    if (value != null) {
      post.headers().add(key, value.getBytes(UTF_8));
    }
  }

  private List<Sent> unanswered() {
    List<Sent> all = sent;
    if (all == null) {
      all = new ArrayList<>();
      sent = all;
    }
    return all;
  }

  private Producer<byte[], byte[]> producer() {
    Producer<byte[], byte[]> open = producer;
    if (open == null) {
      Map<String, Object> all = new HashMap<>();
      all.put(ProducerConfig.LINGER_MS_CONFIG, 20);
      all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, settings.answerWithin().toMillis());
      all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_REQUEST);
      all.putAll(settings.client());
      all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
      all.put(ProducerConfig.ACKS_CONFIG, "all");
      all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
      try {
        open = new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
      } catch (KafkaException refused) {
        throw KafkaFailures.settings(settings, refused);
      }
      producer = open;
    }
    return open;
  }

  @Override
  public void close() {
    Producer<byte[], byte[]> open = producer;
    producer = null;
    if (open != null) {
      open.close(Duration.ofSeconds(5));
    }
  }
}
