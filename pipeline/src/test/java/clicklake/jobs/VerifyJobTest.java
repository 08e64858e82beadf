package clicklake.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.io.audit.EventKeyExtractor;
import clicklake.io.audit.LakeBalance;
import clicklake.io.audit.LakeBalance.Example;
import clicklake.io.audit.LakeBalance.Fault;
import clicklake.io.audit.LakeBalance.Kind;
import clicklake.io.audit.LakeBalance.Position;
import clicklake.io.lake.CommitLake;
import clicklake.io.lake.EventLake;
import clicklake.io.testing.ObjectStore;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.batch.ProposalCoder;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.lake.LakeWriters;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.spill.SpillFolder;
import clicklake.schemas.table.LakeException;
import clicklake.transforms.gold.verify.GoldComparison;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyJobTest {
  private static final LakeBalance.Partition ZERO =
      new LakeBalance.Partition("clicks", 0, 1200, 1100, 60, 10, 25, 2, 5, OffsetRanges.empty());
  private static final LakeBalance GOOD =
      new LakeBalance(1200, 1100, 60, 10, 25, 2, 5, List.of(ZERO), List.of());
  private static final LakeBalance BAD =
      new LakeBalance(
          1200,
          1100,
          60,
          0,
          25,
          0,
          0,
          List.of(),
          List.of(
              new Fault(
                  Kind.MISSING_FROM_BRONZE,
                  2,
                  List.of(new Example(new Position("clicks", 0, 7), "it was refused"))),
              new Fault(
                  Kind.DOUBLED_IN_SILVER,
                  1,
                  List.of(new Example(new Position("a/b.json", 1, 8), "one too many"))),
              new Fault(
                  Kind.ROW_COUNT,
                  1,
                  List.of(new Example(null, "silver: counted 1, the ledger says 2")))));

  @TempDir Path root;
  private String output = "";

  private static final Instant NOON = Instant.parse("2024-05-05T12:00:00.123Z");
  private static final VerifyJob.Undecided ON_THEIR_WAY =
      new VerifyJob.Undecided(5, NOON, Duration.ofSeconds(75), false);
  private static final VerifyJob.Undecided STALLED =
      new VerifyJob.Undecided(5, NOON, Duration.ofMinutes(200), true);

  private static String printed(LakeBalance balance, VerifyJob.Undecided undecided) {
    return printed(new VerifyJob.Verdict(balance, undecided, null));
  }

  private static String printed(VerifyJob.Verdict verdict) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    VerifyJob.print(new PrintStream(bytes, true, StandardCharsets.UTF_8), verdict, 50);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aBalancedLakeIsATableAndAWord() {
    assertThat(printed(GOOD, ON_THEIR_WAY).lines())
        .containsExactly(
            "       bronze        silver    quarantine    duplicates     undecided  source",
            "        1,200         1,100            70            25             5  clicks/0",
            "        1,200         1,100            70            25             5  total",
            "2 duplicates have other content (conflicts)",
            "10 refused records wait in silver's outbox to be published to quarantine",
            "5 records are in bronze and not decided yet: they are on their way (last commit 1 min"
                + " 15 s ago)",
            "balanced");
  }

  @Test
  void theWordComesLastAndOnlyIfGoldAgreesToo() {
    GoldComparison same = new GoldComparison("gold/sessions", 7, 3, 0, 0, List.of());
    GoldComparison other = new GoldComparison("gold/sessions", 7, 3, 1, 0, List.of("one"));

    assertThat(printed(new VerifyJob.Verdict(GOOD, ON_THEIR_WAY, List.of(same))).lines().skip(6))
        .containsExactly(
            "gold/sessions                                    3 rows, of silver's version 7: as"
                + " recomputed",
            "balanced");
    assertThat(printed(new VerifyJob.Verdict(GOOD, ON_THEIR_WAY, List.of(other))).lines().skip(6))
        .containsExactly(
            "gold/sessions                                    3 rows, of silver's version 7: NOT as"
                + " recomputed, 1 absent and 0 wrong",
            "  one");
  }

  @Test
  void recordsThatNobodyWorksOnAreAnAnswerOfTheirOwn() {
    assertThat(printed(GOOD, STALLED).lines().skip(5))
        .containsExactly(
            "5 records undecided since 2024-05-05T12:00:00Z, 3 h 20 min ago, and nothing is working"
                + " on them: start the job on this lake again");
    assertThat(VerifyJob.json(new VerifyJob.Verdict(GOOD, STALLED, null)))
        .startsWith("{\"balanced\":false,")
        .contains(
            "\"undecided\":5,\"undecidedSince\":\"2024-05-05T12:00:00.123Z\",\"stalled\":true,");
    assertThat(VerifyJob.json(new VerifyJob.Verdict(GOOD, ON_THEIR_WAY, null)))
        .startsWith("{\"balanced\":true,")
        .contains(
            "\"undecided\":5,\"undecidedSince\":\"2024-05-05T12:00:00.123Z\",\"stalled\":false,");
  }

  @Test
  void recordsAreOnTheirWayUntilNoJobHasCommittedForTooLong() {
    commitToBronze("one", "two");
    Instant since =
        EventLake.at(ObjectStore.lakeAt(root.resolve("lake"))).lastDecision().orElseThrow();
    Duration patience = Duration.ofMinutes(15);

    assertThat(verifyAt(since.plus(patience))).isTrue();
    assertThat(output).contains("2 records are in bronze and not decided yet", "15 min 0 s ago");
    assertThat(output).endsWith("balanced\n");

    assertThat(verifyAt(since.plus(patience).plusMillis(1))).isFalse();
    assertThat(output)
        .endsWith(
            "2 records undecided since "
                + since.truncatedTo(ChronoUnit.SECONDS)
                + ", 15 min 0 s ago, and nothing is working on them: start the job on this lake"
                + " again\n");
  }

  private boolean verifyAt(Instant now) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    boolean balanced =
        new VerifyJob(
                ObjectStore.lakeAt(root.resolve("lake")),
                Duration.ofHours(24),
                SpillFolder.OF_JVM,
                Duration.ofMinutes(15),
                Clock.fixed(now, ZoneOffset.UTC),
                null)
            .run(new PrintStream(bytes, true, StandardCharsets.UTF_8), false);
    output = bytes.toString(StandardCharsets.UTF_8);
    return balanced;
  }

  /** Takes records as far as a job comes that ends between bronze's commit and silver's. */
  private void commitToBronze(String... values) {
    EventLake lake = EventLake.at(ObjectStore.lakeAt(root.resolve("lake")));
    SourcePartition topic = new SourcePartition("clicks", 0, "kafka:c:t");
    RawBatch.Builder batch = new RawBatch.Builder(topic, 0);
    for (int i = 0; i < values.length; i++) {
      batch.add(i, NOON.toEpochMilli(), null, "[]", StandardCharsets.UTF_8.encode(values[i]));
    }
    List<Proposal> files;
    try (LakeWriters.Records records = lake.writers("rules").openRecords()) {
      RawBatch built = batch.build(values.length, RawBatch.Seen.NOTHING);
      for (RawBatch.Cursor record = built.cursor(); record.next(); ) {
        records.write(topic, record);
      }
      files = records.finish();
    }
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply(Create.of(files).withCoder(ProposalCoder.of()))
        .apply(
            new CommitLake(
                lake, new CommitLake.Settings(Duration.ofHours(24), "rules", null, null)));
    pipeline.run().waitUntilFinish();
  }

  @Test
  void faultsAreToldBesideRecordsThatNobodyWorksOn() {
    assertThat(printed(BAD, STALLED).lines().skip(2))
        .startsWith(
            "5 records undecided since 2024-05-05T12:00:00Z, 3 h 20 min ago, and nothing is working"
                + " on them: start the job on this lake again",
            "NOT balanced");
  }

  @Test
  void faultsArePlainLinesWithPositions() {
    assertThat(printed(BAD, VerifyJob.Undecided.NONE).lines().skip(2))
        .containsExactly(
            "NOT balanced",
            "decided or covered, but missing from bronze: 2",
            "  clicks/0@7: it was refused",
            "  … and 1 more",
            "position doubled in silver: 1",
            "  a/b.json/1@8: one too many",
            "number of rows is not the ledger's: 1",
            "  silver: counted 1, the ledger says 2");
  }

  @Test
  void jsonIsOneObjectWithWhatIsMissingAndWhatIsDoubled() {
    assertThat(VerifyJob.json(new VerifyJob.Verdict(BAD, VerifyJob.Undecided.NONE, null)))
        .isEqualTo(
            "{\"balanced\":false,\"bronze\":1200,\"silver\":1100,\"quarantine\":60,\"outbox\":0,"
                + "\"duplicates\":25,\"conflicts\":0,\"undecided\":0,"
                + "\"undecidedSince\":null,\"stalled\":false,"
                + "\"missing\":[{\"source\":\"clicks\",\"partition\":0,\"offset\":7,"
                + "\"detail\":\"it was refused\"}],"
                + "\"doubled\":[{\"source\":\"a/b.json\",\"partition\":1,\"offset\":8,"
                + "\"detail\":\"one too many\"}],"
                + "\"faults\":[{\"kind\":\"missing_from_bronze\","
                + "\"words\":\"decided or covered, but missing from bronze\",\"count\":2,"
                + "\"examples\":[{\"source\":\"clicks\",\"partition\":0,\"offset\":7,"
                + "\"detail\":\"it was refused\"}]},"
                + "{\"kind\":\"doubled_in_silver\",\"words\":\"position doubled in silver\","
                + "\"count\":1,\"examples\":[{\"source\":\"a/b.json\",\"partition\":1,"
                + "\"offset\":8,\"detail\":\"one too many\"}]},"
                + "{\"kind\":\"row_count\",\"words\":\"number of rows is not the ledger's\","
                + "\"count\":1,\"examples\":[{\"detail\":"
                + "\"silver: counted 1, the ledger says 2\"}]}],"
                + "\"partitions\":[]}");
  }

  @Test
  void positionsThatWereGivenUpAreShownAndNoFault() {
    LakeBalance.Partition gap =
        new LakeBalance.Partition(
            "clicks", 1, 3, 3, 0, 0, 0, 0, 0, OffsetRanges.ofBounds(4, 6, 9, 1_209));
    LakeBalance balance = new LakeBalance(3, 3, 0, 0, 0, 0, 0, List.of(gap), List.of());

    assertThat(printed(balance, VerifyJob.Undecided.NONE).lines().skip(3))
        .containsExactly(
            "1,202 offsets of clicks/1 are lost, given up with --acceptGap: {[4, 6), [9, 1209)}",
            "balanced");
    assertThat(VerifyJob.json(new VerifyJob.Verdict(balance, VerifyJob.Undecided.NONE, null)))
        .startsWith("{\"balanced\":true,")
        .endsWith(
            "\"partitions\":[{\"source\":\"clicks\",\"partition\":1,\"bronze\":3,\"silver\":3,"
                + "\"quarantine\":0,\"outbox\":0,\"duplicates\":0,\"conflicts\":0,"
                + "\"undecided\":0,\"lost\":[[4,6],[9,1209]]}]}");
  }

  @Test
  void aNameWithALineFeedStaysInItsLine() {
    String name = "a\nb\u2028.json";
    LakeBalance balance =
        new LakeBalance(
            3,
            2,
            0,
            0,
            0,
            0,
            0,
            List.of(
                new LakeBalance.Partition(
                    name, 0, 3, 2, 0, 0, 0, 0, 0, OffsetRanges.ofBounds(7, 8))),
            List.of(
                new Fault(
                    Kind.MISSING_FROM_BRONZE,
                    1,
                    List.of(new Example(new Position(name, 0, 2), "the file " + name)))));

    assertThat(printed(balance, VerifyJob.Undecided.NONE).lines().skip(1))
        .satisfiesExactly(
            line -> assertThat(line).endsWith(" a\\u000ab\\u2028.json/0"),
            line -> assertThat(line).endsWith(" total"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "1 offsets of a\\u000ab\\u2028.json/0 are lost, given up with --acceptGap:"
                            + " {[7, 8)}"),
            line -> assertThat(line).isEqualTo("NOT balanced"),
            line -> assertThat(line).endsWith(": 1"),
            line ->
                assertThat(line)
                    .isEqualTo("  a\\u000ab\\u2028.json/0@2: the file a\\u000ab\\u2028.json"));
  }

  @Test
  void theKeyOfARecordIsTheParsersIdAndTime() {
    EventKeyExtractor keys = VerifyJob.keys();
    byte[] event =
        ("{\"event_id\":\"01234567-89AB-cdef-8000-000000000001\",\"schema_version\":1,"
                + "\"event_time\":\"2024-05-05T00:00:00.5Z\",\"user_id\":\"u\",\"page\":\"p\","
                + "\"action\":\"view\"}")
            .getBytes(StandardCharsets.UTF_8);

    assertThat(keys.of(event, 1_714_867_200_000L))
        .contains(
            new EventKeyExtractor.Key(
                0x0123456789ABCDEFL, 0x8000000000000001L, 1_714_867_200_500_000L));
    assertThat(keys.of("{}".getBytes(StandardCharsets.UTF_8), 0)).isEmpty();
    assertThat(keys.of(null, 0)).isEmpty();
  }

  @Test
  void noLakeIsAClearLine() {
    VerifyJob job = new VerifyJob(ObjectStore.lakeAt(root.resolve("lake")), Duration.ofHours(24));

    assertThatThrownBy(() -> job.run(System.out, true))
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("there is no lake to verify");
  }
}
