package clicklake.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import clicklake.io.SourceException;
import clicklake.io.delta.DeadLetters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes refused records to a topic, each at least once: after a failure, those since the last
 * {@link #flush()} are written again.
 *
 * <p>Key and value are the original bytes. The original headers are followed by {@code
 * clicklake.reason}, {@code clicklake.field} (if there is one), {@code clicklake.detail}, {@code
 * clicklake.source}, {@code clicklake.partition} and {@code clicklake.offset}, all text. A record
 * that is larger than the topic takes is written without its value, with {@code
 * clicklake.omittedBytes}; quarantine has the whole. Not thread-safe; a deserialized copy connects
 * anew.
 */
public final class KafkaDeadLetters implements DeadLetters {
  private static final long serialVersionUID = 1L;
  private static final int LARGEST_REQUEST = 64 << 20;

  private final KafkaSettings settings;
  private transient @Nullable Producer<byte[], byte[]> producer;
  private transient @Nullable List<Sent> sent;

  private record Sent(Letter letter, Future<RecordMetadata> answer) {}

  /**
   * @param settings where to write to; connects at the first letter
   */
  public KafkaDeadLetters(KafkaSettings settings) {
    this.settings = requireNonNull(settings, "settings");
  }

  /** Writes the letters and returns when the broker has all of them. */
  public void publish(Iterable<Letter> letters) {
    letters.forEach(this::send);
    flush();
  }

  @Override
  public void send(Letter letter) {
    unanswered().add(new Sent(letter, post(letter, true)));
  }

  @Override
  public void flush() {
    List<Sent> all = unanswered();
    try {
      if (!all.isEmpty()) {
        producer().flush();
      }
      for (Sent one : all) {
        try {
          one.answer().get();
        } catch (ExecutionException refused) {
          if (!(refused.getCause() instanceof RecordTooLargeException)) {
            throw failed(refused.getCause());
          }
          post(one.letter(), false).get();
        }
      }
    } catch (ExecutionException refused) {
      throw failed(refused.getCause());
    } catch (KafkaException failure) {
      throw failed(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw failed(interrupted);
    } finally {
      all.clear();
    }
  }

  private Future<RecordMetadata> post(Letter letter, boolean whole) {
    byte[] value = letter.value();
    List<Header> headers = HeadersJson.read(letter.headers());
    ProducerRecord<byte[], byte[]> post =
        new ProducerRecord<>(settings.topic(), null, letter.key(), whole ? value : null, headers);
    add(post, "clicklake.reason", letter.reason());
    add(post, "clicklake.field", letter.field());
    add(post, "clicklake.detail", letter.detail());
    add(post, "clicklake.source", letter.source());
    add(post, "clicklake.partition", Integer.toString(letter.partition()));
    add(post, "clicklake.offset", Long.toString(letter.offset()));
    if (!whole && value != null) {
      add(post, "clicklake.omittedBytes", Integer.toString(value.length));
    }
    try {
      return producer().send(post);
    } catch (KafkaException failure) {
      throw failed(failure);
    }
  }

  private static void add(ProducerRecord<byte[], byte[]> post, String key, @Nullable String value) {
    if (value != null) {
      post.headers().add(key, value.getBytes(UTF_8));
    }
  }

  private SourceException failed(@Nullable Throwable cause) {
    return new SourceException(
        "Writing dead letters to "
            + settings
            + ": "
            + cause
            + "; check the broker and the topic, the letters will be written again",
        cause);
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
