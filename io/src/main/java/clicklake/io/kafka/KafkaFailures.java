package clicklake.io.kafka;

import clicklake.io.Causes;
import clicklake.io.SourceException;
import clicklake.schemas.offset.OffsetRanges;
import java.util.Optional;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** The wording of what can go wrong with Kafka. */
final class KafkaFailures {
  private KafkaFailures() {}

  /** What a call at the start met. */
  static SourceException atStart(KafkaSettings settings, @Nullable Throwable cause) {
    if (cause instanceof UnknownTopicOrPartitionException) {
      return new SourceException(
          "Reading " + settings + ": the broker has no such topic; create it or correct --topic",
          cause);
    }
    if (cause instanceof TimeoutException
        || cause instanceof java.util.concurrent.TimeoutException) {
      return new SourceException(
          "Reading "
              + settings
              + ": no broker answered within "
              + settings.answerWithin().toSeconds()
              + " s"
              + KafkaDiagnosis.ofSilence(settings)
                  .map(found -> ": " + found)
                  .orElse("; check --bootstrapServers and that the broker runs"),
          cause);
    }
    return refused(settings, cause);
  }

  /** Whether a failure may pass by itself: no broker answered. */
  static boolean isPassing(@Nullable Throwable cause) {
    return !(cause instanceof UnknownTopicOrPartitionException)
        && (cause instanceof RetriableException
            || cause instanceof java.util.concurrent.TimeoutException);
  }

  static SourceException refused(KafkaSettings settings, @Nullable Throwable cause) {
    return new SourceException("Reading " + settings + ": " + refusal(cause), cause);
  }

  private static String refusal(@Nullable Throwable cause) {
    if (cause == null) {
      return "unknown failure; check the broker and the client properties";
    }
    return KafkaDiagnosis.ofRefusal(cause)
        .orElseGet(() -> cause.getMessage() + "; check the broker and the client properties");
  }

  static SourceException settings(KafkaSettings settings, KafkaException cause) {
    return new SourceException(
        "Connecting to "
            + settings
            + ": "
            + KafkaDiagnosis.ofSettings(cause)
                .orElseGet(
                    () ->
                        Causes.deepest(cause).getMessage()
                            + "; correct --bootstrapServers or the client properties"),
        cause);
  }

  static SourceException recreated(KafkaSettings settings, String known, String found) {
    return new SourceException(
        "Reading "
            + settings
            + ": the lake knows this topic as "
            + known
            + ", the broker has "
            + found
            + ": it was created anew or is another cluster's; give the topic another name, or read"
            + " it into a new lake");
  }

  /**
   * Retention came before the reader, and bronze does not cover {@code gap} either.
   *
   * @param known whether the lake has anything of the partition
   */
  static SourceException offsetsGone(
      KafkaSettings settings,
      TopicPartition partition,
      long wanted,
      long beginning,
      OffsetRanges gap,
      boolean known) {
    return new SourceException(
        "Reading "
            + settings
            + ": partition "
            + partition.partition()
            + " has to be read from offset "
            + wanted
            + ", but begins at "
            + beginning
            + ": retention removed records before they were read"
            + (known
                ? ", and bronze has not got them; start with --acceptGap to go on without the offsets "
                    + gap
                    + ", or read the topic into a new lake"
                : "; the lake has nothing of the partition yet: start again to read it from offset "
                    + beginning));
  }

  static SourceException beyondEnd(
      KafkaSettings settings, TopicPartition partition, long next, long end) {
    return new SourceException(
        "Reading "
            + settings
            + ": the lake covers partition "
            + partition.partition()
            + " up to offset "
            + next
            + ", but it ends at "
            + end
            + ": the broker lost records; restore the topic, or read it into a new lake");
  }

  static SourceException stuck(
      KafkaSettings settings,
      TopicPartition partition,
      long position,
      long to,
      @Nullable KafkaException last) {
    return new SourceException(
        "Reading "
            + settings
            + ": partition "
            + partition.partition()
            + " gave nothing from offset "
            + position
            + " on for "
            + settings.stallTimeout().toSeconds()
            + " s, wanted up to "
            + to
            + (last == null ? "" : " (" + last.getMessage() + ")")
            + "; check that the broker runs, then start again: the lake knows where to go on",
        last);
  }

  /** What a poll met that trying again does not mend. */
  static SourceException whileReading(KafkaSettings settings, KafkaException cause) {
    if (cause instanceof InvalidOffsetException) {
      return new SourceException(
          "Reading "
              + settings
              + ": "
              + cause.getMessage()
              + "; retention removed records before they were read, or the topic was recreated;"
              + " start again: if records are lost, that start says which, and --acceptGap"
              + " goes on without them",
          cause);
    }
    return refused(settings, cause);
  }

  /** A letter was not taken. */
  static SourceException deadLetters(KafkaSettings settings, @Nullable Throwable cause) {
    return new SourceException(
        "Writing dead letters to "
            + settings
            + ": "
            + Optional.ofNullable(cause)
                .flatMap(KafkaDiagnosis::ofRefusal)
                .orElse(
                    cause + "; check the broker and the topic, the letters will be written again"),
        cause);
  }
}
