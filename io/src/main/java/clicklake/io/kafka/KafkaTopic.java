package clicklake.io.kafka;

import clicklake.schemas.batch.PartitionId;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.batch.Runs;
import clicklake.schemas.lake.LakeCoverage;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/**
 * A topic as the broker described it.
 *
 * @param settings where it was asked for
 * @param identity {@code kafka:<cluster id>:<topic id>}
 * @param partitions how many it has
 */
record KafkaTopic(KafkaSettings settings, String identity, int partitions) {

  /**
   * Asks the broker.
   *
   * @throws clicklake.io.SourceException if there is no broker or no such topic
   */
  static KafkaTopic describe(KafkaSettings settings, Admin admin) {
    String cluster = answer(settings, admin.describeCluster().clusterId());
    TopicDescription description =
        answer(
            settings,
            admin
                .describeTopics(List.of(settings.topic()))
                .topicNameValues()
                .get(settings.topic()));
    return new KafkaTopic(
        settings,
        "kafka:" + cluster + ":" + description.topicId(),
        description.partitions().size());
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

  PartitionId id(int partition) {
    return new PartitionId(settings.topic(), partition, identity);
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
    for (PartitionId known : view.partitionsOf(settings.topic())) {
      if (!known.identity().equals(identity)) {
        throw KafkaFailures.recreated(settings, known.identity(), identity);
      }
    }
  }

  /**
   * Where reading of a partition begins.
   *
   * @param stands first offset of the first run handed out
   * @param seek first offset asked of the broker; those between hold no record for us
   */
  record Start(long stands, long seek) {}

  /**
   * Where reading begins, by what the lake and a mark say.
   *
   * <p>Below the broker's beginning there is nothing to read. That is of no consequence if the lake
   * has covered it, or knows nothing of the partition at all: then our record of it begins here.
   * Nor is it if bronze has covered what silver has not, without a row: a crash came between the
   * first commits of the two tables. Otherwise records are gone that were never decided.
   *
   * @param wanted lowest offset to be handed out
   * @param beginning the broker's first offset
   * @throws clicklake.io.SourceException if records are gone
   */
  Start start(int number, long wanted, long beginning, LakeCoverage.View view, LakeCoverage lake) {
    if (wanted >= beginning) {
      return new Start(wanted, wanted);
    }
    PartitionId id = id(number);
    if (view.next(id) >= beginning) {
      return new Start(beginning, beginning);
    }
    RawBatch.Seen seen = view.seen(id);
    if (seen.bronze().isEmpty() && seen.silver().isEmpty()) {
      return new Start(0, beginning);
    }
    long next = view.next(id);
    Runs open = Runs.of(next, beginning).minus(view.covered(id));
    if (seen.bronze().containsAll(open) && !lake.bronzeHoldsRows(id, open)) {
      return new Start(next, beginning);
    }
    throw KafkaFailures.offsetsGone(settings, partition(number), next, beginning);
  }
}
