package clicklake.io.kafka;

import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.lake.LakeCoverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * A topic as the broker described it.
 *
 * @param settings where it was asked for
 * @param cluster the broker's cluster id
 * @param topicId the id that a recreated topic does not share
 * @param partitions how many it has
 */
record KafkaTopic(KafkaSettings settings, String cluster, Uuid topicId, int partitions) {

  /**
   * Asks the broker.
   *
   * @throws clicklake.io.SourceException if there is no broker or no such topic
   */
  static KafkaTopic describe(KafkaSettings settings, Admin admin) {
    String cluster = answer(settings, admin.describeCluster().clusterId());
    return of(settings, cluster, answer(settings, KafkaTopics.ask(settings, admin)));
  }

  private static KafkaTopic of(KafkaSettings settings, String cluster, TopicDescription found) {
    return new KafkaTopic(settings, cluster, found.topicId(), found.partitions().size());
  }

  /** The topic of the same name in the same cluster, as it is described now. */
  KafkaTopic as(TopicDescription found) {
    return of(settings, cluster, found);
  }

  /**
   * A topic and what the lake knew of it when it was asked after the broker.
   *
   * @param topic the topic that the lake knows, or a new one
   * @param view the lake
   */
  record Known(KafkaTopic topic, LakeCoverage.View view) {}

  /**
   * Asks the broker, and then the lake.
   *
   * @throws clicklake.io.SourceException if there is no broker or no such topic, or the lake knows
   *     another one under its name
   */
  static Known known(KafkaSettings settings, LakeCoverage lake) {
    KafkaTopic topic;
    try (KafkaTopics topics = KafkaTopics.of(settings)) {
      topic = topics.describe();
    }
    LakeCoverage.View view = lake.read();
    topic.check(view);
    return new Known(topic, view);
  }

  /** {@code kafka:<cluster id>:<topic id>}. */
  String identity() {
    return "kafka:" + cluster + ":" + topicId;
  }

  /** All partitions. */
  List<TopicPartition> all() {
    return IntStream.range(0, partitions).mapToObj(this::partition).toList();
  }

  private static <T> T answer(KafkaSettings settings, Future<T> future) {
    try {
      return future.get(settings.answerWithin().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failure) {
      throw KafkaFailures.atStart(settings, failure.getCause());
    } catch (TimeoutException slow) {
      throw KafkaFailures.atStart(settings, slow);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw KafkaFailures.refused(settings, interrupted);
    }
  }

  SourcePartition id(int partition) {
    return new SourcePartition(settings.topic(), partition, identity());
  }

  TopicPartition partition(int number) {
    return new TopicPartition(settings.topic(), number);
  }

  /**
   * Checks that what the lake knows under this name is this topic.
   *
   * @throws clicklake.io.SourceException if not
   */
  void check(LakeCoverage.View view) {
    for (SourcePartition known : view.partitionsOf(settings.topic())) {
      if (!known.identity().equals(identity())) {
        throw KafkaFailures.recreated(settings, known.identity(), identity());
      }
    }
  }

  /**
   * Where reading of a partition begins.
   *
   * @param stands first offset of the first run handed out
   * @param seek first offset asked of the broker; what there is between is in bronze, or was gone
   *     before this process came
   */
  record Start(long stands, long seek) {}

  /**
   * Where reading begins, by the lake and a checkpoint.
   *
   * <p>Below the broker's beginning there is nothing to read. No record is lost if the lake covers
   * these offsets, or knows nothing of the partition: then the lake's coverage begins here. Nor is
   * one lost if bronze covers what silver does not: records are taken from bronze, and offsets at
   * which it holds none were holes. Otherwise records are gone that neither has.
   *
   * @param wanted lowest offset to be handed out
   * @param beginning the broker's first offset
   * @throws clicklake.io.SourceException if records are gone
   */
  Start start(int number, long wanted, long beginning, LakeCoverage.View view) {
    if (wanted >= beginning) {
      return new Start(wanted, wanted);
    }
    SourcePartition id = id(number);
    long next = view.next(id);
    if (next >= beginning) {
      return new Start(beginning, beginning);
    }
    if (!isKnown(view, id)) {
      if (wanted > 0) {
        // This process has handed out what is below, so it has come before retention did.
        throw KafkaFailures.offsetsGone(
            settings,
            partition(number),
            wanted,
            beginning,
            OffsetRanges.of(wanted, beginning),
            false);
      }
      return new Start(0, beginning);
    }
    requireNoGap(number, next, beginning, view);
    return new Start(next, beginning);
  }

  /**
   * Requires that bronze covers what the broker no longer has and silver has not decided.
   *
   * @throws clicklake.io.SourceException if it does not
   */
  void requireNoGap(int number, long from, long beginning, LakeCoverage.View view) {
    OffsetRanges gap = gap(view, id(number), from, beginning);
    if (!gap.isEmpty()) {
      throw KafkaFailures.offsetsGone(
          settings, partition(number), from, beginning, gap, isKnown(view, id(number)));
    }
  }

  /** Whether a table covers anything of a partition. */
  static boolean isKnown(LakeCoverage.View view, SourcePartition id) {
    RawBatch.Seen seen = view.seen(id);
    return !(seen.bronze().isEmpty() && seen.silver().isEmpty());
  }

  /** The positions from {@code from} to the broker's beginning that bronze does not cover. */
  static OffsetRanges gap(LakeCoverage.View view, SourcePartition id, long from, long beginning) {
    return from >= beginning
        ? OffsetRanges.empty()
        : OffsetRanges.of(from, beginning).minus(view.seen(id).bronze());
  }
}
