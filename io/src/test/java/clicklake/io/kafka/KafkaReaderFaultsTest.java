package clicklake.io.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import clicklake.io.SourceException;
import clicklake.io.source.Batches;
import clicklake.io.source.FakeLake;
import clicklake.io.source.HandClock;
import clicklake.io.source.InFlightTracker;
import clicklake.io.source.ReadSettings;
import clicklake.io.source.ReaderCheckpoint;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a reader hands out when calls to Kafka time out, at any moment. */
class KafkaReaderFaultsTest {
  private static final String TOPIC = "t";
  private static final Uuid ID = new Uuid(1, 2);
  private static final AtomicInteger SPLITS = new AtomicInteger();

  private final KafkaSettings kafka =
      KafkaSettings.of("nowhere:1", TOPIC).withCheckEvery(Duration.ofSeconds(10));
  private final FakeLake lake = new FakeLake();
  private final HandClock clock = new HandClock();
  private final FakeTopics topics = new FakeTopics();
  private ReadSettings reading =
      ReadSettings.DEFAULT.withLinger(Duration.ofSeconds(1)).withClock(clock);

  @Test
  void aPositionThatIsNotToldCostsNoRecordsOfOtherPartitions() throws IOException {
    FaultyConsumer consumer = new FaultyConsumer();
    consumer.write(partition(0), 0);
    consumer.write(partition(1), 3, 0, 1, 2);
    topics.partitions = 2;
    KafkaReader reader = reader(consumer, null);
    consumer.hidePositionOnce(partition(0));
    assertThat(reader.start()).isFalse();
    consumer.write(partition(1), 5, 3, 4);

    assertThat(Batches.text(read(reader)))
        .containsExactly("t/1[0,5) 0=1-0 1=1-1 2=1-2 3=1-3 4=1-4");
  }

  @Test
  void whatIsReadOfAPartitionWhosePositionIsNotToldIsHandedOut() throws IOException {
    FaultyConsumer consumer = new FaultyConsumer();
    consumer.write(partition(0), 4, 0, 1);
    KafkaReader reader = reader(consumer, null);
    assertThat(reader.start()).isFalse();
    clock.pass(Duration.ofSeconds(2));
    consumer.hidePositionOnce(partition(0));

    assertThat(Batches.text(read(reader))).containsExactly("t/0[0,4) 0=0-0 1=0-1");

    FaultyConsumer blind = new FaultyConsumer();
    blind.write(partition(0), 4, 0, 1);
    KafkaReader other = reader(blind, null);
    reading = reading.withLinger(Duration.ZERO);
    blind.hidePositionOnce(partition(0));
    assertThat(other.start()).isFalse();
    clock.pass(Duration.ofSeconds(2));
    blind.hidePositionOnce(partition(0));
    assertThat(other.advance()).isTrue();
    assertThat(Batches.text(other.getCurrent())).isEqualTo("t/0[0,2) 0=0-0 1=0-1");
    assertThat(Batches.text(read(other))).containsExactly("t/0[2,4)");
  }

  /** Every call of a run that also sees a partition added, and goes back, fails once. */
  @Test
  void whicheverCallTimesOutNothingIsLostAndNothingComesTwice() throws IOException {
    List<String> calls = story(new FaultyConsumer(), -1, false);
    Set<String> kinds = new TreeSet<>(calls);
    assertThat(kinds).containsExactly("assign", "beginningOffsets", "poll", "position", "seek");

    for (int call = 0; call < calls.size(); call++) {
      for (boolean afterItsEffect : new boolean[] {false, true}) {
        FaultyConsumer consumer = new FaultyConsumer();
        consumer.failAt(call, afterItsEffect);
        story(consumer, call, afterItsEffect);
      }
    }
  }

  private List<String> story(FaultyConsumer consumer, int failing, boolean afterItsEffect)
      throws IOException {
    consumer.write(partition(0), 7, 0, 1, 3, 5);
    consumer.write(partition(1), 4, 0, 1, 2, 3);
    topics.partitions = 2;
    Map<String, OffsetRanges> runs = new TreeMap<>();
    Map<String, Set<String>> records = new TreeMap<>();
    KafkaReader reader = reader(consumer, null);
    List<RawBatch> batches = new ArrayList<>();
    try {
      if (reader.start()) {
        batches.add(reader.getCurrent());
      }
    } catch (SourceException atStart) {
      assertThat(consumer.calls()).as("only the start may fail").hasSize(1);
      assertThat(atStart).hasMessageContaining("no broker answered within 15 s");
      return List.of();
    }
    for (int step = 0; step < 60; step++) {
      switch (step) {
        case 10 -> {
          consumer.write(partition(0), 9, 7, 8);
          consumer.write(partition(2), 3, 1, 2);
          topics.partitions = 3;
          clock.pass(Duration.ofSeconds(11));
        }
        case 25 -> consumer.write(partition(1), 8, 4, 7);
        case 40 -> clock.pass(Duration.ofSeconds(11));
        default -> clock.pass(Duration.ofMillis(600));
      }
      if (reader.advance()) {
        batches.add(reader.getCurrent());
      }
    }
    for (RawBatch batch : batches) {
      String name = batch.partition().name();
      OffsetRanges run = OffsetRanges.of(batch.from(), batch.to());
      assertThat(runs.getOrDefault(name, OffsetRanges.empty()).intersects(run))
          .as("call %s, after its effect: %s: %s comes twice", failing, afterItsEffect, batch)
          .isFalse();
      runs.merge(name, run, OffsetRanges::union);
      records.computeIfAbsent(name, missing -> new HashSet<>()).addAll(Batches.records(batch));
    }
    assertThat(runs)
        .as("call %s, after its effect: %s", failing, afterItsEffect)
        .isEqualTo(
            Map.of(
                "t/0",
                OffsetRanges.of(0, 9),
                "t/1",
                OffsetRanges.of(0, 8),
                "t/2",
                OffsetRanges.of(0, 3)));
    assertThat(records)
        .as("call %s, after its effect: %s", failing, afterItsEffect)
        .isEqualTo(
            Map.of(
                "t/0",
                Set.of("0=0-0", "1=0-1", "3=0-3", "5=0-5", "7=0-7", "8=0-8"),
                "t/1",
                Set.of("0=1-0", "1=1-1", "2=1-2", "3=1-3", "4=1-4", "7=1-7"),
                "t/2",
                Set.of("1=2-1", "2=2-2")));
    reader.close();
    return consumer.calls();
  }

  @Test
  void aLookIntoBronzeThatFailsLosesNothing() throws IOException {
    FaultyConsumer consumer = new FaultyConsumer();
    consumer.write(partition(0), 4, 0, 3);
    lake.coverBronze(id(0), 0, 3);
    lake.failLookups(1);
    KafkaReader reader = reader(consumer, null);
    assertThat(reader.start()).isFalse();
    clock.pass(Duration.ofSeconds(2));
    try {
      reader.advance();
      fail("the look into bronze did not fail");
    } catch (IllegalStateException broken) {
      assertThat(broken).hasMessage("bronze cannot be read");
    }

    assertThat(Batches.text(read(reader))).containsExactly("t/0[0,4) 0=0-0 1=kept1 2=kept2 3=0-3");
  }

  @Test
  void recordsThatBronzeHoldsAtHolesOfTheTopicComeFromThereInPieces() throws IOException {
    FaultyConsumer consumer = new FaultyConsumer();
    consumer.write(partition(0), 7, 0, 4, 6);
    lake.coverBronze(id(0), 0, 4);
    lake.coverBronzeHoles(id(0), 4, 6);
    lake.coverSilver(id(0), 2, 3);
    reading = reading.withBatchBytes(6);
    KafkaReader reader = reader(consumer, null);
    List<RawBatch> batches = new ArrayList<>();
    if (reader.start()) {
      batches.add(reader.getCurrent());
    }
    batches.addAll(read(reader));

    assertThat(Batches.text(batches))
        .containsExactly(
            "t/0[0,1) 0=0-0", "t/0[1,3) 1=kept1", "t/0[3,5) 3=kept3 4=0-4", "t/0[5,7) 6=0-6");
  }

  @Test
  void whatIsBelowTheBeginningComesFromBronzeBeforeTheBrokerIsAsked() throws IOException {
    FaultyConsumer consumer = new FaultyConsumer();
    consumer.write(partition(0), 9, 7, 8);
    consumer.updateBeginningOffsets(Map.of(partition(0), 7L));
    lake.coverBronzeHoles(id(0), 0, 1);
    lake.coverBronze(id(0), 1, 7);
    lake.coverSilver(id(0), 3, 4);
    reading = reading.withBatchBytes(12);
    KafkaReader reader = reader(consumer, null, kafka.withOffsetsPerRange(4));
    List<RawBatch> batches = new ArrayList<>();
    assertThat(reader.start()).isTrue();
    batches.add(reader.getCurrent());
    assertThat(reader.advance()).isTrue();
    batches.add(reader.getCurrent());
    assertThat(reader.advance()).isTrue();
    batches.add(reader.getCurrent());
    assertThat(consumer.calls()).containsExactly("beginningOffsets");
    batches.addAll(read(reader));

    assertThat(Batches.text(batches))
        .containsExactly(
            "t/0[0,4) 1=kept1 2=kept2",
            "t/0[4,6) 4=kept4 5=kept5",
            "t/0[6,7) 6=kept6",
            "t/0[7,9) 7=0-7 8=0-8");
  }

  @Test
  void nothingIsLookedUpInBronzeWhereTheTablesAreEquallyFar() throws IOException {
    FaultyConsumer consumer = new FaultyConsumer();
    consumer.write(partition(0), 7, 0, 4, 6);
    lake.coverBronze(id(0), 0, 5);
    lake.coverSilver(id(0), 0, 5);
    KafkaReader reader = reader(consumer, null);
    assertThat(reader.start()).isFalse();

    assertThat(Batches.text(read(reader))).containsExactly("t/0[5,7) 6=0-6");
    assertThat(lake.lookups()).isZero();
  }

  @Test
  void aReaderThatIsReopenedWaitsForABrokerThatIsAway() throws IOException {
    FaultyConsumer consumer = new FaultyConsumer();
    consumer.write(partition(0), 3, 0, 1, 2);
    KafkaReader first = reader(consumer, null);
    first.start();
    read(first);
    ReaderCheckpoint mark = first.getCheckpointMark();
    FaultyConsumer second = new FaultyConsumer();
    second.write(partition(0), 5, 0, 1, 2, 3, 4);
    topics.away = true;
    KafkaReader reopened = reader(second, mark);
    assertThat(reopened.start()).isFalse();
    assertThat(reopened.getCheckpointMark()).isEqualTo(mark);
    topics.away = false;

    assertThat(Batches.text(read(reopened))).containsExactly("t/0[3,5) 3=0-3 4=0-4");
  }

  @Test
  void whatIsGoneWhenAReaderIsReopenedThatWentBackToTheBeginningStopsTheJob() throws IOException {
    FaultyConsumer consumer = new FaultyConsumer();
    consumer.write(partition(0), 9, 5, 6, 7, 8);
    consumer.updateBeginningOffsets(Map.of(partition(0), 5L));
    InFlightTracker tracker = tracker();
    KafkaReader first = reader(consumer, null, kafka, tracker);
    assertThat(first.start()).isFalse();
    assertThat(Batches.text(read(first))).containsExactly("t/0[0,9) 5=0-5 6=0-6 7=0-7 8=0-8");
    clock.pass(Duration.ofMinutes(1));
    assertThat(first.advance()).isFalse();
    clock.pass(Duration.ofMinutes(11));
    assertThat(first.advance()).isFalse();
    ReaderCheckpoint mark = first.getCheckpointMark();
    assertThat(mark.positions()).isEqualTo(Map.of(id(0), ReaderCheckpoint.Position.at(0)));

    FaultyConsumer same = new FaultyConsumer();
    same.write(partition(0), 9, 5, 6, 7, 8);
    same.updateBeginningOffsets(Map.of(partition(0), 5L));
    KafkaReader reopened = reader(same, mark, kafka, tracker);
    assertThat(reopened.start()).isFalse();
    assertThat(Batches.text(read(reopened))).containsExactly("t/0[0,9) 5=0-5 6=0-6 7=0-7 8=0-8");

    FaultyConsumer second = new FaultyConsumer();
    second.write(partition(0), 9, 8);
    second.updateBeginningOffsets(Map.of(partition(0), 8L));
    KafkaReader late = reader(second, mark, kafka, tracker);
    assertThatThrownBy(late::start)
        .isInstanceOf(SourceException.class)
        .hasMessage(
            "Reading topic t at nowhere:1: partition 0 has to be read from offset 5, but begins at"
                + " 8: retention removed records before they were read; the lake has nothing of the"
                + " partition yet: start again to read it from offset 8");
  }

  /** Every call of a round fails once. */
  @Test
  void whicheverCallOfARoundTimesOutNothingIsLostAndNothingComesTwice() {
    int calls = round(-1, false);
    for (int call = 0; call < calls; call++) {
      round(call, false);
      round(call, true);
    }
  }

  private int round(int failing, boolean afterItsEffect) {
    FaultyConsumer consumer = new FaultyConsumer();
    consumer.write(partition(0), 9, 0, 2, 3, 5, 8);
    consumer.failAt(failing, afterItsEffect);
    List<RawBatch> batches = new ArrayList<>();
    KafkaRangeFn fn = new KafkaRangeFn(kafka, reading, lake).with(consumer, topics);
    fn.read(new KafkaRange(id(0), 0, 0, 7, RawBatch.Seen.NOTHING), Batches.into(batches));
    fn.close();

    assertThat(Batches.text(batches))
        .as("call %s, after its effect: %s", failing, afterItsEffect)
        .containsExactly("t/0[0,7) 0=0-0 2=0-2 3=0-3 5=0-5");
    return consumer.calls().size();
  }

  @Test
  void aRoundFailsIfTheTopicIsAnotherOneThanThePlanned() {
    FaultyConsumer consumer = new FaultyConsumer();
    consumer.write(partition(0), 3, 0, 1, 2);
    List<RawBatch> batches = new ArrayList<>();
    KafkaRangeFn fn = new KafkaRangeFn(kafka, reading, lake).with(consumer, topics);
    KafkaRange planned =
        new KafkaRange(
            new SourcePartition(TOPIC, 0, "kafka:c:before"), 0, 0, 3, RawBatch.Seen.NOTHING);
    try {
      fn.read(planned, Batches.into(batches));
      fail("another topic was read");
    } catch (SourceException refused) {
      assertThat(refused)
          .hasMessageContaining(
              "the lake knows this topic as kafka:c:before, the broker has kafka:c:" + ID);
    }
    assertThat(batches).isEmpty();
    assertThat(consumer.calls()).isEmpty();
    fn.close();
  }

  /** Everything that a reader has to hand out. */
  private List<RawBatch> read(KafkaReader reader) throws IOException {
    List<RawBatch> batches = new ArrayList<>();
    for (int step = 0; step < 20; step++) {
      clock.pass(Duration.ofMillis(600));
      if (reader.advance()) {
        batches.add(reader.getCurrent());
      }
    }
    return batches;
  }

  private KafkaReader reader(FaultyConsumer consumer, @Nullable ReaderCheckpoint mark) {
    return reader(consumer, mark, kafka);
  }

  private KafkaReader reader(
      FaultyConsumer consumer, @Nullable ReaderCheckpoint mark, KafkaSettings settings) {
    return reader(consumer, mark, settings, tracker());
  }

  private InFlightTracker tracker() {
    return InFlightTracker.of("faults-" + SPLITS.incrementAndGet(), lake, reading);
  }

  private KafkaReader reader(
      FaultyConsumer consumer,
      @Nullable ReaderCheckpoint mark,
      KafkaSettings settings,
      InFlightTracker tracker) {
    return new KafkaReader(
        new KafkaUnboundedSource(settings, reading, lake),
        settings,
        reading,
        tracker,
        mark,
        topics,
        consumer);
  }

  private static TopicPartition partition(int number) {
    return new TopicPartition(TOPIC, number);
  }

  private static SourcePartition id(int number) {
    return new SourcePartition(TOPIC, number, "kafka:c:" + ID);
  }

  /** A broker's answers about the topic. */
  private final class FakeTopics implements KafkaTopics {
    int partitions = 1;
    boolean away;

    @Override
    public KafkaTopic describe() {
      if (away) {
        throw KafkaFailures.atStart(kafka, new TimeoutException("no answer"));
      }
      return new KafkaTopic(kafka, "c", ID, partitions);
    }

    @Override
    public Future<TopicDescription> ask() {
      Node node = new Node(1, "nowhere", 1);
      return CompletableFuture.completedFuture(
          new TopicDescription(
              TOPIC,
              false,
              IntStream.range(0, partitions)
                  .mapToObj(i -> new TopicPartitionInfo(i, node, List.of(node), List.of(node)))
                  .toList(),
              Set.of(),
              ID));
    }

    @Override
    public void close() {}
  }
}
