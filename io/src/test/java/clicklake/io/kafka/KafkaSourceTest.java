package clicklake.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.io.SourceException;
import clicklake.io.lake.DeadLetters.Letter;
import clicklake.io.source.BatchSource;
import clicklake.io.source.Batches;
import clicklake.io.source.FakeLake;
import clicklake.io.source.HandClock;
import clicklake.io.source.ReadSettings;
import clicklake.io.source.ReaderCheckpoint;
import clicklake.io.testing.KafkaBroker;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.UnboundedSource.UnboundedReader;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KafkaSourceTest {
  private static final long T = 1_767_225_600_000L;
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final KafkaBroker broker = KafkaBroker.shared();
  private final FakeLake lake = new FakeLake();
  private ReadSettings reading =
      ReadSettings.DEFAULT
          .withLinger(Duration.ofMillis(200))
          .withCoverageEvery(Duration.ofMillis(100));

  // Rounds.

  @Test
  void aRoundReadsEachPartitionFromTheLakesNextToItsEnd() {
    String topic = broker.newTopic("round", 2);
    broker.produce(records(topic, 0, "a", "b", "c"));
    broker.produce(records(topic, 1, "d"));
    lake.coverBronze(id(topic, 0), 0, 2);
    lake.coverSilver(id(topic, 0), 0, 1);

    List<RawBatch> batches = round(settings(topic));
    batches.forEach(lake::cover);

    assertThat(Batches.text(batches))
        .containsExactly(topic + "/0[1,3) 1=b 2=c", topic + "/1[0,1) 0=d");
    assertThat(batches.get(0).bronzeCovered()).isEqualTo(OffsetRanges.of(1, 2));
    assertThat(batches.get(0).silverCovered()).isEqualTo(OffsetRanges.empty());
    assertThat(source(settings(topic)).plan()).isEmpty();
  }

  @Test
  void keyHeadersArrivalAndNullValueAreKept() {
    String topic = broker.newTopic("record", 1);
    ProducerRecord<byte[], byte[]> tombstone =
        new ProducerRecord<>(topic, 0, T + 5, "key".getBytes(UTF_8), (byte[]) null);
    tombstone.headers().add("h", "v".getBytes(UTF_8));
    broker.produce(List.of(tombstone));

    RawBatch batch = round(settings(topic)).get(0);
    RawBatch.Cursor cursor = batch.cursor();

    assertThat(cursor.next()).isTrue();
    assertThat(cursor.arrivalMillis()).isEqualTo(T + 5);
    assertThat(cursor.valueLength()).isEqualTo(-1);
    assertThat(new String(cursor.bytes(), cursor.keyStart(), cursor.keyLength(), UTF_8))
        .isEqualTo("key");
    assertThat(new String(cursor.bytes(), cursor.headersStart(), cursor.headersLength(), UTF_8))
        .isEqualTo("[{\"key\":\"h\",\"value\":\"v\"}]");
    assertThat(cursor.next()).isFalse();
  }

  @Test
  void ofAValueAboveTheLimitTheHeadItsLengthAndItsDigestAreKept() {
    String topic = broker.newTopic("large", 1);
    broker.produce(records(topic, 0, "ten bytes.", "eleven byte", "small"));
    reading = reading.withMaxKeptBytes(10);

    assertThat(Batches.text(round(settings(topic))))
        .containsExactly(
            topic
                + "/0[0,3) 0=ten bytes. 1=eleven byt of 11 "
                + HexFormat.of().formatHex(RawBatch.sha256().digest("eleven byte".getBytes(UTF_8)))
                + " 2=small");
  }

  @Test
  void rangesCoverAbortedRecordsAndMarkersAlsoAtTheEnd() {
    String topic = broker.newTopic("aborted", 1);
    broker.produceAborted(records(topic, 0, "x", "y"));
    broker.produceCommitted(records(topic, 0, "a"));
    broker.produceAborted(records(topic, 0, "z"));

    List<RawBatch> batches = round(settings(topic));

    // x y abort, a commit, z abort
    assertThat(Batches.text(batches)).containsExactly(topic + "/0[0,7) 3=a");
    List<RawBatch> cut = round(settings(topic).withOffsetsPerRange(3));
    assertThat(Batches.text(cut))
        .containsExactly(topic + "/0[0,3)", topic + "/0[3,6) 3=a", topic + "/0[6,7)");
  }

  @Test
  void aRoundEndsBeforeAnUndecidedTransaction() {
    String topic = broker.newTopic("open", 1);
    broker.produce(records(topic, 0, "a"));
    try (KafkaBroker.Transaction open = broker.beginTransaction()) {
      open.write(records(topic, 0, "undecided"));

      assertThat(Batches.text(round(settings(topic)))).containsExactly(topic + "/0[0,1) 0=a");
    }
  }

  @Test
  void batchesEndAtTheirSizeAndRangesAtTheirLength() {
    String topic = broker.newTopic("size", 1);
    broker.produce(records(topic, 0, "aaaa", "bbbb", "cccc", "dddd", "eeee"));
    reading = reading.withBatchBytes(15);

    assertThat(Batches.text(round(settings(topic).withOffsetsPerRange(3))))
        .containsExactly(
            topic + "/0[0,2) 0=aaaa 1=bbbb",
            topic + "/0[2,3) 2=cccc",
            topic + "/0[3,5) 3=dddd 4=eeee");
  }

  @Test
  void holesOfCompactionAreCovered() {
    String topic = "compacted-" + ProcessHandle.current().pid();
    broker.createTopic(
        topic,
        1,
        Map.of(
            "cleanup.policy", "compact",
            "segment.bytes", "1048576",
            "segment.ms", "100",
            "min.cleanable.dirty.ratio", "0.0",
            "max.compaction.lag.ms", "100"));
    List<ProducerRecord<byte[], byte[]>> same = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      same.add(
          new ProducerRecord<>(topic, 0, T + i, "k".getBytes(UTF_8), ("v" + i).getBytes(UTF_8)));
    }
    broker.produce(same);
    int[] more = {0};
    Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              // Only closed segments are cleaned; a new record closes the one before.
              broker.produce(
                  List.of(
                      new ProducerRecord<>(
                          topic,
                          0,
                          T + 1000L + more[0]++,
                          "k".getBytes(UTF_8),
                          "last".getBytes(UTF_8))));
              return broker.readAll(topic).size() < 20;
            });
    List<ConsumerRecord<byte[], byte[]>> left = broker.readAll(topic);
    long end = broker.endOffset(topic, 0);

    List<RawBatch> batches = round(settings(topic));

    assertThat(batches).hasSize(1);
    assertThat(batches.get(0).from()).isZero();
    assertThat(batches.get(0).to()).isEqualTo(end);
    assertThat(Batches.records(batches.get(0)))
        .isSubsetOf(
            left.stream()
                .map(each -> each.offset() + "=" + new String(each.value(), UTF_8))
                .toList())
        .isNotEmpty();
  }

  // Beginnings and identities.

  @Test
  void aPartitionThatTheLakeDoesNotKnowIsStampedFromZero() {
    String topic = broker.newTopic("beginning", 1);
    broker.produce(records(topic, 0, "a", "b", "c"));
    broker.deleteRecordsBefore(topic, 0, 2);

    assertThat(Batches.text(round(settings(topic)))).containsExactly(topic + "/0[0,3) 2=c");
    UnboundedReader<RawBatch> reader = reader(settings(topic), null);
    assertThat(Batches.text(take(reader, 1))).containsExactly(topic + "/0[0,3) 2=c");
    close(reader);
  }

  @Test
  void aPartitionOfWhichNothingIsLeftIsCovered() {
    String topic = broker.newTopic("emptied", 1);
    broker.produce(records(topic, 0, "a", "b"));
    broker.deleteRecordsBefore(topic, 0, 2);

    assertThat(Batches.text(round(settings(topic)))).containsExactly(topic + "/0[0,2)");
  }

  @Test
  void offsetsThatAreGoneBeforeTheyWereDecidedStopTheJob() {
    String topic = broker.newTopic("expired", 1);
    broker.produce(records(topic, 0, "a", "b", "c"));
    lake.coverBronze(id(topic, 0), 0, 1);
    lake.coverSilver(id(topic, 0), 0, 1);
    broker.deleteRecordsBefore(topic, 0, 2);

    String message =
        "Reading topic "
            + topic
            + " at "
            + broker.bootstrapServers()
            + ": partition 0 has to be read from offset 1, but begins at 2: retention removed"
            + " records before they were read, and bronze has not got them; start with --acceptGap"
            + " to go on without the offsets {[1, 2)}, or read the topic into a new lake";
    assertThatThrownBy(() -> source(settings(topic)).plan())
        .isInstanceOf(SourceException.class)
        .hasMessage(message);
    UnboundedReader<RawBatch> reader = reader(settings(topic), null);
    assertThatThrownBy(reader::start).isInstanceOf(SourceException.class).hasMessage(message);
    close(reader);
  }

  @Test
  void holesThatOnlyBronzeCoversBelowTheBeginningAreReadAsHoles() {
    String topic = broker.newTopic("crashed", 1);
    broker.produce(records(topic, 0, "a", "b", "c"));
    broker.deleteRecordsBefore(topic, 0, 2);
    lake.coverBronzeHoles(id(topic, 0), 0, 2);
    lake.coverBronze(id(topic, 0), 2, 3);

    assertThat(Batches.text(round(settings(topic))))
        .containsExactly(topic + "/0[0,2)", topic + "/0[2,3) 2=c");
    UnboundedReader<RawBatch> reader = reader(settings(topic), null);
    assertThat(Batches.text(take(reader, 2)))
        .containsExactly(topic + "/0[0,2)", topic + "/0[2,3) 2=c");
    close(reader);
  }

  @Test
  void recordsThatOnlyBronzeHoldsBelowTheBeginningAreTakenFromBronze() {
    String topic = broker.newTopic("undecided", 1);
    broker.produce(records(topic, 0, "a", "b", "c"));
    broker.deleteRecordsBefore(topic, 0, 2);
    lake.coverBronzeHoles(id(topic, 0), 0, 1);
    lake.coverBronze(id(topic, 0), 1, 3);

    assertThat(Batches.text(round(settings(topic).withOffsetsPerRange(1))))
        .containsExactly(topic + "/0[0,1)", topic + "/0[1,2) 1=kept1", topic + "/0[2,3) 2=c");
    assertThat(Batches.text(round(settings(topic))))
        .containsExactly(topic + "/0[0,2) 1=kept1", topic + "/0[2,3) 2=c");
    UnboundedReader<RawBatch> reader = reader(settings(topic), null);
    assertThat(Batches.text(take(reader, 2)))
        .containsExactly(topic + "/0[0,2) 1=kept1", topic + "/0[2,3) 2=c");
    close(reader);
  }

  @Test
  void offsetsThatNeitherBrokerNorBronzeHasAreGaps() {
    String topic = broker.newTopic("gaps", 3);
    for (int partition = 0; partition < 3; partition++) {
      broker.produce(records(topic, partition, "a", "b", "c", "d"));
      broker.deleteRecordsBefore(topic, partition, 3);
    }
    lake.coverBronze(id(topic, 0), 0, 1);
    lake.coverBronze(id(topic, 0), 2, 3);
    lake.coverBronze(id(topic, 1), 0, 3);

    assertThat(source(settings(topic)).gaps())
        .isEqualTo(Map.of(id(topic, 0), OffsetRanges.of(1, 2)));
  }

  @Test
  void whatIsGoneWhenTheReaderGoesBackStopsTheJobAlsoAfterTheReaderWasReopened() {
    String topic = broker.newTopic("reopened", 1);
    broker.produce(records(topic, 0, "a", "b", "c", "d"));
    lake.coverBronze(id(topic, 0), 0, 1);
    lake.coverSilver(id(topic, 0), 0, 1);
    UnboundedReader<RawBatch> first = reader(settings(topic), null);
    assertThat(Batches.text(take(first, 1))).containsExactly(topic + "/0[1,4) 1=b 2=c 3=d");
    ReaderCheckpoint mark = (ReaderCheckpoint) first.getCheckpointMark();
    close(first);
    HandClock clock = new HandClock();
    reading = reading.withClock(clock);
    UnboundedReader<RawBatch> reopened = reader(settings(topic), mark);
    assertThat(advance(reopened)).isFalse();
    broker.deleteRecordsBefore(topic, 0, 3);
    clock.pass(Duration.ofMinutes(1));
    assertThat(advance(reopened)).isFalse();
    clock.pass(Duration.ofMinutes(11));

    assertThatThrownBy(() -> advance(reopened))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining(
            "has to be read from offset 1, but begins at 3: retention removed records before they"
                + " were read");
    close(reopened);
  }

  @Test
  void offsetsThatAreGoneAfterTheyWereDecidedDoNoHarm() {
    String topic = broker.newTopic("decided", 1);
    broker.produce(records(topic, 0, "a", "b", "c"));
    lake.coverBronze(id(topic, 0), 0, 2);
    lake.coverSilver(id(topic, 0), 0, 2);
    broker.deleteRecordsBefore(topic, 0, 2);

    assertThat(Batches.text(round(settings(topic)))).containsExactly(topic + "/0[2,3) 2=c");
    ReaderCheckpoint old =
        new ReaderCheckpoint("another run", Map.of(id(topic, 0), ReaderCheckpoint.Position.at(1)));
    UnboundedReader<RawBatch> reader = reader(settings(topic), old);
    assertThat(Batches.text(take(reader, 1))).containsExactly(topic + "/0[2,3) 2=c");
    close(reader);
  }

  @Test
  void offsetsThatGoWhileTheReaderPausesStopTheJob() {
    String topic = broker.newTopic("outrun", 1);
    broker.produce(records(topic, 0, "a"));
    reading = reading.withMaxInFlightBytes(1).withCoverageEvery(Duration.ofMillis(1));
    // No request of the paused reader may be waiting for the next record.
    KafkaSettings impatient = settings(topic).withClient(Map.of("fetch.max.wait.ms", "1"));
    UnboundedReader<RawBatch> reader = reader(impatient, null);
    RawBatch first = take(reader, 1).get(0);
    assertThat(advance(reader)).isFalse();
    broker.produce(records(topic, 0, "b", "c"));
    broker.deleteRecordsBefore(topic, 0, 2);
    lake.cover(first);

    assertThatThrownBy(() -> take(reader, 1))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("retention removed records before they were read")
        .hasMessageEndingWith(
            "start again: if records are lost, that start says which, and --acceptGap goes on"
                + " without them");
    close(reader);
  }

  @Test
  void aRangeThatGivesNothingFailsWhenPatienceEnds() {
    String topic = broker.newTopic("stuck", 1);
    broker.produce(records(topic, 0, "a"));
    KafkaRange beyond = new KafkaRange(id(topic, 0), 0, 0, 5, RawBatch.Seen.NOTHING);
    KafkaRangeFn fn =
        new KafkaRangeFn(settings(topic).withStallTimeout(Duration.ofSeconds(1)), reading, lake);

    assertThatThrownBy(() -> fn.read(beyond, Batches.into(new ArrayList<>())))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("partition 0 gave nothing from offset 1 on for 1 s, wanted up to 5");
    fn.close();
  }

  @Test
  void aLakeThatIsAheadOfTheBrokerStopsTheJob() {
    String topic = broker.newTopic("ahead", 1);
    broker.produce(records(topic, 0, "a"));
    lake.coverBronze(id(topic, 0), 0, 5);
    lake.coverSilver(id(topic, 0), 0, 5);

    assertThatThrownBy(() -> source(settings(topic)).plan())
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("the lake covers partition 0 up to offset 5, but it ends at 1");
  }

  @Test
  void aTopicCreatedAnewStopsTheJob() {
    String topic = broker.newTopic("anew", 1);
    broker.produce(records(topic, 0, "a"));
    UnboundedReader<RawBatch> running =
        reader(settings(topic).withCheckEvery(Duration.ofMillis(200)), null);
    List<RawBatch> first = take(running, 1);
    first.forEach(lake::cover);
    String before = first.get(0).partition().identity();
    broker.deleteTopic(topic);
    broker.createTopic(topic, 1, Map.of());

    assertThatThrownBy(() -> take(running, 1))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("the lake knows this topic as " + before);
    close(running);
    assertThatThrownBy(() -> source(settings(topic)).check())
        .isInstanceOf(SourceException.class)
        .hasMessageStartingWith("Reading topic " + topic + " at ")
        .hasMessageContaining(
            "the lake knows this topic as " + before + ", the broker has " + identity(topic))
        .hasMessageEndingWith("give the topic another name, or read it into a new lake");
  }

  @Test
  void anUnknownTopicIsNamed() {
    assertThatThrownBy(() -> source(settings("nowhere")).plan())
        .isInstanceOf(SourceException.class)
        .hasMessage(
            "Reading topic nowhere at "
                + broker.bootstrapServers()
                + ": the broker has no such topic; create it or correct --topic");
  }

  @Test
  void anUnreachableBrokerIsNamedInTime() {
    KafkaSettings settings =
        KafkaSettings.of("127.0.0.1:1", "t").withAnswerWithin(Duration.ofSeconds(2));

    assertThatThrownBy(() -> source(settings).check())
        .isInstanceOf(SourceException.class)
        .hasMessage(
            "Reading topic t at 127.0.0.1:1: no broker answered within 2 s: nothing"
                + " listens at 127.0.0.1:1; start the broker, or correct --bootstrapServers");
  }

  // Continuous.

  @Test
  void aReaderHandsOutWhatComesAndCoversTrailingHoles() {
    String topic = broker.newTopic("continuous", 1);
    broker.produce(records(topic, 0, "a"));
    UnboundedReader<RawBatch> reader = reader(settings(topic), null);
    assertThat(Batches.text(take(reader, 1))).containsExactly(topic + "/0[0,1) 0=a");
    assertThat(reader.getCurrentTimestamp().getMillis()).isEqualTo(T);

    broker.produceAborted(records(topic, 0, "x"));
    assertThat(runs(reader, 3)).isEqualTo(OffsetRanges.of(1, 3));
    ReaderCheckpoint mark = (ReaderCheckpoint) reader.getCheckpointMark();
    close(reader);

    broker.produce(records(topic, 0, "b"));
    UnboundedReader<RawBatch> trusting = reader(settings(topic), mark);
    assertThat(Batches.text(take(trusting, 1))).containsExactly(topic + "/0[3,4) 3=b");
    close(trusting);
    UnboundedReader<RawBatch> wary =
        reader(settings(topic), new ReaderCheckpoint("another run", mark.positions()));
    assertThat(Batches.text(take(wary, 1))).containsExactly(topic + "/0[0,4) 0=a 3=b");
    close(wary);
  }

  @Test
  void partitionsAddedMeanwhileAreReadBySplitOfTheirNumber() {
    String topic = broker.newTopic("added", 1);
    KafkaSettings settings = settings(topic).withCheckEvery(Duration.ofMillis(200));
    List<BatchSource> splits =
        new KafkaUnboundedSource(settings, reading, lake).split(2, options());
    UnboundedReader<RawBatch> even = splits.get(0).createReader(options(), null);
    UnboundedReader<RawBatch> odd = splits.get(1).createReader(options(), null);
    start(even);
    start(odd);

    broker.addPartitions(topic, 3);
    for (int partition = 0; partition < 3; partition++) {
      broker.produce(records(topic, partition, "p" + partition));
    }

    List<String> ofEven = new ArrayList<>();
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> {
              if (even.advance()) {
                ofEven.add(Batches.text(even.getCurrent()));
              }
              return ofEven.size() == 2;
            });
    List<String> ofOdd = new ArrayList<>();
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> {
              if (odd.advance()) {
                ofOdd.add(Batches.text(odd.getCurrent()));
              }
              return ofOdd.size() == 1;
            });
    assertThat(ofEven).containsExactlyInAnyOrder(topic + "/0[0,1) 0=p0", topic + "/2[0,1) 0=p2");
    assertThat(ofOdd).containsExactly(topic + "/1[0,1) 0=p1");
    close(even);
    close(odd);
  }

  @Test
  void whenTheLakeStandsStillTheReaderGoesBack() {
    String topic = broker.newTopic("still", 1);
    broker.produce(records(topic, 0, "a", "b"));
    reading = reading.withRereadAfter(Duration.ofSeconds(1));
    UnboundedReader<RawBatch> reader = reader(settings(topic), null);
    assertThat(Batches.text(take(reader, 1))).containsExactly(topic + "/0[0,2) 0=a 1=b");
    lake.coverBronze(id(topic, 0), 0, 2);
    lake.coverSilver(id(topic, 0), 0, 1);

    assertThat(Batches.text(take(reader, 1))).containsExactly(topic + "/0[1,2) 1=b");
    close(reader);
  }

  @Test
  void aBrokerThatIsAwayIsWaitedFor() {
    try (KafkaBroker own = KafkaBroker.startNew()) {
      String topic = own.newTopic("away", 1);
      own.produce(records(topic, 0, "a"));
      KafkaSettings settings =
          KafkaSettings.of(own.bootstrapServers(), topic)
              .withCheckEvery(Duration.ofMillis(500))
              .withAnswerWithin(Duration.ofSeconds(5));
      UnboundedReader<RawBatch> reader =
          new KafkaUnboundedSource(settings, reading, lake).createReader(options(), null);
      assertThat(Batches.text(take(reader, 1))).containsExactly(topic + "/0[0,1) 0=a");
      own.kill9();
      long until = System.nanoTime() + Duration.ofSeconds(21).toNanos();
      while (System.nanoTime() < until) {
        assertThat(advance(reader)).isFalse();
      }

      own.start();
      own.produce(records(topic, 0, "b"));

      assertThat(Batches.text(take(reader, 1))).containsExactly(topic + "/0[1,2) 1=b");
      close(reader);
    }
  }

  // On a runner.

  @Test
  void directRunnerReadsARound() {
    String topic = broker.newTopic("direct", 3);
    List<String> expected = produceMany(topic, 3, 400);
    KafkaSource source = source(settings(topic).withOffsetsPerRange(70));
    Batches.CollectFn collect = new Batches.CollectFn();
    Pipeline pipeline = Pipeline.create(options());
    pipeline.apply(source.read(source.plan())).apply(ParDo.of(collect));

    pipeline.run().waitUntilFinish();

    assertThat(Batches.records(collect.collected())).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void directRunnerReadsContinuously() throws IOException {
    String topic = broker.newTopic("endless", 3);
    List<String> expected = produceMany(topic, 3, 400);
    reading = reading.withBatchBytes(100);
    Batches.CollectFn collect = new Batches.CollectFn();
    DirectOptions options = options();
    options.setBlockOnRun(false);
    Pipeline pipeline = Pipeline.create(options);
    pipeline.apply(source(settings(topic)).continuous()).apply(ParDo.of(collect));
    PipelineResult result = pipeline.run();
    Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> Batches.records(collect.collected()).size() >= expected.size());
    result.cancel();

    assertThat(Batches.records(collect.collected())).containsExactlyInAnyOrderElementsOf(expected);
    Map<String, OffsetRanges> runs = new HashMap<>();
    collect
        .collected()
        .forEach(
            batch ->
                runs.merge(
                    batch.partition().name(),
                    OffsetRanges.of(batch.from(), batch.to()),
                    OffsetRanges::union));
    assertThat(runs.values()).containsOnly(OffsetRanges.of(0, 400));
  }

  // Dead letters.

  @Test
  void deadLettersCarryTheOriginalAndWhy() {
    String topic = broker.newTopic("letters", 1);
    try (KafkaDeadLetters letters = new KafkaDeadLetters(settings(topic))) {
      letters.publish(
          List.of(
              new Letter(
                  "clicks",
                  2,
                  7,
                  "k".getBytes(UTF_8),
                  "[{\"key\":\"h\",\"base64\":\"wyg=\"}]",
                  "{".getBytes(UTF_8),
                  "not_json",
                  null,
                  "[]"),
              new Letter(
                  "a.ndjson", 0, 1, null, null, new byte[20 << 20], "too_large", "page", "[1]")));
    }

    List<ConsumerRecord<byte[], byte[]>> written = broker.readAll(topic);

    assertThat(written).hasSize(2);
    assertThat(written.get(0).key()).isEqualTo("k".getBytes(UTF_8));
    assertThat(written.get(0).value()).isEqualTo("{".getBytes(UTF_8));
    assertThat(HeadersJson.write(written.get(0).headers()))
        .isEqualTo(
            "[{\"key\":\"h\",\"base64\":\"wyg=\"},"
                + "{\"key\":\"clicklake.reason\",\"value\":\"not_json\"},"
                + "{\"key\":\"clicklake.detail\",\"value\":\"[]\"},"
                + "{\"key\":\"clicklake.source\",\"value\":\"clicks\"},"
                + "{\"key\":\"clicklake.partition\",\"value\":\"2\"},"
                + "{\"key\":\"clicklake.offset\",\"value\":\"7\"}]");
    assertThat(written.get(1).value()).isNull();
    assertThat(HeadersJson.write(written.get(1).headers()))
        .contains("{\"key\":\"clicklake.field\",\"value\":\"page\"}")
        .endsWith("{\"key\":\"clicklake.omittedBytes\",\"value\":\"20971520\"}]");
  }

  @Test
  void aLetterWithAKeyThatIsTooLargeIsWrittenWithoutKeyAndHeaders() {
    String topic = "large-keys-" + ProcessHandle.current().pid();
    broker.createTopic(topic, 1, Map.of("max.message.bytes", "1000000"));
    String header = "[{\"key\":\"h\",\"value\":\"v\"}]";
    try (KafkaDeadLetters letters = new KafkaDeadLetters(settings(topic))) {
      letters.publish(
          List.of(
              letter(1, new byte[1_500_000], header, new byte[1_200_000]),
              letter(2, "k".getBytes(UTF_8), null, "{".getBytes(UTF_8))));
    }

    Map<String, String> byOffset = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> each : broker.readAll(topic)) {
      byOffset.put(
          new String(each.headers().lastHeader("clicklake.offset").value(), UTF_8),
          (each.key() == null ? "no key" : new String(each.key(), UTF_8))
              + " "
              + HeadersJson.write(each.headers()));
    }
    assertThat(byOffset)
        .isEqualTo(
            Map.of(
                "1",
                "no key [{\"key\":\"clicklake.reason\",\"value\":\"not_json\"},"
                    + "{\"key\":\"clicklake.source\",\"value\":\"clicks\"},"
                    + "{\"key\":\"clicklake.partition\",\"value\":\"0\"},"
                    + "{\"key\":\"clicklake.offset\",\"value\":\"1\"},"
                    + "{\"key\":\"clicklake.omittedBytes\",\"value\":\"1200000\"},"
                    + "{\"key\":\"clicklake.omittedKeyBytes\",\"value\":\"1500000\"},"
                    + "{\"key\":\"clicklake.omittedHeaderBytes\",\"value\":\"25\"}]",
                "2",
                "k [{\"key\":\"clicklake.reason\",\"value\":\"not_json\"},"
                    + "{\"key\":\"clicklake.detail\",\"value\":\"[]\"},"
                    + "{\"key\":\"clicklake.source\",\"value\":\"clicks\"},"
                    + "{\"key\":\"clicklake.partition\",\"value\":\"0\"},"
                    + "{\"key\":\"clicklake.offset\",\"value\":\"2\"}]"));
  }

  @Test
  void aLetterThatTheTopicNeverTakesIsLeftToQuarantineAndTheOthersAreWritten() {
    String topic = "keyed-" + ProcessHandle.current().pid();
    broker.createTopic(topic, 1, Map.of("cleanup.policy", "compact"));
    try (KafkaDeadLetters letters = new KafkaDeadLetters(settings(topic))) {
      letters.publish(
          List.of(
              letter(1, "a".getBytes(UTF_8), null, "1".getBytes(UTF_8)),
              letter(2, null, null, "2".getBytes(UTF_8)),
              letter(3, "b".getBytes(UTF_8), null, "3".getBytes(UTF_8))));
    }

    assertThat(broker.readAll(topic))
        .extracting(each -> new String(each.value(), UTF_8))
        .containsExactlyInAnyOrder("1", "3");
  }

  @Test
  void aTopicThatIsNotThereIsNoMatterOfALetter() {
    KafkaSettings nowhere = settings("no-letters").withAnswerWithin(Duration.ofSeconds(1));
    try (KafkaDeadLetters letters = new KafkaDeadLetters(nowhere)) {
      assertThatThrownBy(() -> letters.publish(List.of(letter(1, null, null, "1".getBytes(UTF_8)))))
          .isInstanceOf(SourceException.class)
          .hasMessageStartingWith("Writing dead letters to topic no-letters at ")
          .hasMessageEndingWith(
              "check the broker and the topic, the letters will be written again");
    }
  }

  private static Letter letter(
      long offset, byte @Nullable [] key, @Nullable String headers, byte[] value) {
    return new Letter("clicks", 0, offset, key, headers, value, "not_json", null, "[]");
  }

  private List<String> produceMany(String topic, int partitions, int each) {
    List<String> expected = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      String[] values = IntStream.range(0, each).mapToObj(i -> "v" + i).toArray(String[]::new);
      broker.produce(records(topic, partition, values));
      for (int i = 0; i < each; i++) {
        expected.add(topic + "/" + partition + ":" + i + "=v" + i);
      }
    }
    return expected;
  }

  private static List<ProducerRecord<byte[], byte[]>> records(
      String topic, int partition, String... values) {
    return Arrays.stream(values)
        .map(
            value ->
                new ProducerRecord<byte[], byte[]>(
                    topic, partition, T, null, value.getBytes(UTF_8)))
        .toList();
  }

  private KafkaSettings settings(String topic) {
    return KafkaSettings.of(broker.bootstrapServers(), topic);
  }

  private String identity(String topic) {
    return "kafka:" + broker.clusterId() + ":" + broker.topicId(topic);
  }

  private SourcePartition id(String topic, int partition) {
    return new SourcePartition(topic, partition, identity(topic));
  }

  private KafkaSource source(KafkaSettings settings) {
    return KafkaSource.of(settings, reading, lake);
  }

  private UnboundedReader<RawBatch> reader(
      KafkaSettings settings, @Nullable ReaderCheckpoint mark) {
    return new KafkaUnboundedSource(settings, reading, lake).createReader(options(), mark);
  }

  private List<RawBatch> round(KafkaSettings settings) {
    List<RawBatch> batches = new ArrayList<>();
    KafkaRangeFn fn = new KafkaRangeFn(settings, reading, lake);
    OutputReceiver<RawBatch> out = Batches.into(batches);
    try {
      for (KafkaRange range : source(settings).plan()) {
        KafkaRange sent =
            CoderUtils.decodeFromByteArray(
                KafkaRangeCoder.of(), CoderUtils.encodeToByteArray(KafkaRangeCoder.of(), range));
        assertThat(sent).isEqualTo(range);
        fn.read(sent, out);
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    } finally {
      fn.close();
    }
    return batches;
  }

  private final Map<UnboundedReader<RawBatch>, Boolean> started = new HashMap<>();

  private void start(UnboundedReader<RawBatch> reader) {
    assertThat(advance(reader)).isFalse();
  }

  private boolean advance(UnboundedReader<RawBatch> reader) {
    try {
      return started.put(reader, true) == null ? reader.start() : reader.advance();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private List<RawBatch> take(UnboundedReader<RawBatch> reader, int count) {
    List<RawBatch> batches = new ArrayList<>();
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (batches.size() < count && System.nanoTime() < until) {
      if (advance(reader)) {
        batches.add(reader.getCurrent());
      }
    }
    return batches;
  }

  /** Reads until the position is reached; what was covered on the way. */
  private OffsetRanges runs(UnboundedReader<RawBatch> reader, long to) {
    OffsetRanges runs = OffsetRanges.empty();
    while (runs.end() < to) {
      List<RawBatch> one = take(reader, 1);
      assertThat(one).hasSize(1);
      runs = runs.union(OffsetRanges.of(one.get(0).from(), one.get(0).to()));
    }
    return runs;
  }

  private static void close(UnboundedReader<RawBatch> reader) {
    try {
      reader.close();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static DirectOptions options() {
    DirectOptions options = PipelineOptionsFactory.create().as(DirectOptions.class);
    options.setRunner(DirectRunner.class);
    return options;
  }
}
