package clicklake.schemas.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

class RawBatchCoderTest {

  private static final SourcePartition FILE = new SourcePartition("a.ndjson", 1, "file:9:1000");
  private static final SourcePartition TOPIC = new SourcePartition("t", 3, "kafka:c:u");

  @Test
  void bytesOfLinesStayAsTheyAre() throws IOException {
    RawBatch batch =
        RawBatch.ofLines(
            FILE,
            300,
            302,
            true,
            new RawBatch.Seen(OffsetRanges.of(300, 301), OffsetRanges.empty(), 7),
            1_000,
            "{}\n[]".getBytes(UTF_8));

    String golden =
        "28" // length of all that follows
            + "05" // lines, last
            + "09612e6e646a736f6e" // path, length + 1
            + "01" // generation
            + "0c66696c653a393a31303030"; // identity
    assertThat(hex(batch))
        .isEqualTo(
            golden
                + "ac02" // from
                + "02" // to - from
                + "01ac0201" // one run of bronze
                + "00" // none of silver
                + "0e" // version 7, zigzag
                + "d00f" // arrival 1000, zigzag
                + "057b7d0a5b5d"); // the bytes
    assertThat(decode(hex(batch))).isEqualTo(batch);
  }

  @Test
  void aBuildersNextBatchIsThatOfANewBuilder() {
    RawBatch.Builder builder = new RawBatch.Builder(TOPIC, 5);
    builder.add(7, 1_000, null, null, UTF_8.encode("first")).build(12, RawBatch.Seen.NOTHING);

    assertThat(
            builder
                .add(12, 2_000, null, null, UTF_8.encode("second"))
                .build(13, RawBatch.Seen.NOTHING))
        .isEqualTo(
            new RawBatch.Builder(TOPIC, 12)
                .add(12, 2_000, null, null, UTF_8.encode("second"))
                .build(13, RawBatch.Seen.NOTHING));
  }

  @Test
  void aHeadKeepsLengthAndDigestOfTheWholeBesideOtherRecords() throws IOException {
    byte[] sha256 = RawBatch.sha256().digest(new byte[0]);
    RawBatch batch =
        new RawBatch.Builder(TOPIC, 5)
            .add(5, 1_000, null, null, UTF_8.encode("whole"))
            .addHead(
                6, 1_000, UTF_8.encode("k"), "[]", UTF_8.encode("he"), 100_000_000_000L, sha256)
            .add(7, 1_000, null, null, null)
            .build(8, RawBatch.Seen.NOTHING, true);

    assertThat(decode(hex(batch))).isEqualTo(batch);
    assertThat(HexFormat.of().formatHex(batch.bytes()))
        .isEqualTo(
            "00d00f000006" // gap, arrival, no key, no headers, length + 1
                + "77686f6c65"
                + "0000026b035b5d"
                + "838080808020" // 2^40 + length + 1
                + "80d0dbc3f402" // the whole length
                + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
                + "6865"
                + "0000000000");
    assertThat(batch.last()).isTrue();
    RawBatch.Cursor cursor = decode(hex(batch)).cursor();
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.headOnly()).isFalse();
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.headOnly()).isTrue();
    assertThat(cursor.valueLength()).isEqualTo(2);
    assertThat(cursor.wholeLength()).isEqualTo(100_000_000_000L);
    assertThat(cursor.wholeSha256()).isEqualTo(HexFormat.of().formatHex(sha256));
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.headOnly()).isFalse();
    assertThat(cursor.valueLength()).isEqualTo(-1);
    assertThat(cursor.next()).isFalse();
  }

  @Test
  void bytesOfRecordsStayAsTheyAre() throws IOException {
    RawBatch batch =
        new RawBatch.Builder(TOPIC, 5)
            .add(7, 1_000, UTF_8.encode("k"), null, UTF_8.encode("v"))
            .add(8, 999, null, "[]", null)
            .build(12, RawBatch.Seen.NOTHING);

    assertThat(hex(batch))
        .isEqualTo(
            "24" // length
                + "02" // records, not last
                + "0274030a6b61666b613a633a75" // topic, partition, identity
                + "0507" // from, to - from
                + "0000" // nothing covered
                + "01" // version -1
                + "00" // no arrival of its own
                + "0f" // length of the records
                + "02d00f" // two above where the reader stood before, arrival 1000
                + "026b" // key
                + "00" // no headers
                + "0276" // value
                + "0001" // next offset, a millisecond earlier
                + "00" // no key
                + "035b5d" // headers
                + "00"); // null value
    assertThat(decode(hex(batch))).isEqualTo(batch);
  }

  @Property
  void whatWasEncodedIsDecoded(@ForAll("batches") List<RawBatch> batches) throws IOException {
    for (RawBatch batch : batches) {
      assertThat(CoderUtils.clone(RawBatchCoder.of(), batch)).isEqualTo(batch);
    }
  }

  @Test
  void aShortStreamIsAnError() throws IOException {
    byte[] bytes =
        CoderUtils.encodeToByteArray(
            RawBatchCoder.of(),
            RawBatch.ofLines(FILE, 0, 0, true, RawBatch.Seen.NOTHING, 1, new byte[0]));

    assertThatThrownBy(
            () ->
                CoderUtils.decodeFromByteArray(
                    RawBatchCoder.of(), Arrays.copyOf(bytes, bytes.length - 1)))
        .isInstanceOf(CoderException.class);
  }

  @Provide
  Arbitrary<List<RawBatch>> batches() {
    Arbitrary<SourcePartition> partitions =
        Combinators.combine(
                Arbitraries.strings().ofMaxLength(12),
                Arbitraries.integers().greaterOrEqual(0),
                Arbitraries.strings().ofMaxLength(30))
            .as(
                (source, number, identity) ->
                    new SourcePartition(valid(source), number, valid(identity)));
    Arbitrary<RawBatch> batches =
        Combinators.combine(
                partitions,
                Arbitraries.longs().between(0, Long.MAX_VALUE / 4),
                Arbitraries.longs().between(0, 1_000_000),
                Arbitraries.of(true, false),
                Arbitraries.longs().between(-1, Long.MAX_VALUE),
                Arbitraries.of(RawBatch.Framing.class),
                Arbitraries.longs(),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(300))
            .as(
                (partition, from, length, last, version, framing, arrival, bytes) ->
                    new RawBatch(
                        partition,
                        from,
                        from + length,
                        last,
                        OffsetRanges.of(from, from + length / 2),
                        OffsetRanges.of(from + length / 3, from + length),
                        version,
                        framing,
                        arrival,
                        bytes));
    return batches.list().ofMaxSize(4);
  }

  /** Strings of the model come from UTF-8, so they hold no lone surrogates. */
  private static String valid(String text) {
    return new String(text.getBytes(UTF_8), UTF_8);
  }

  private static String hex(RawBatch batch) throws IOException {
    return HexFormat.of().formatHex(CoderUtils.encodeToByteArray(RawBatchCoder.of(), batch));
  }

  private static RawBatch decode(String hex) throws IOException {
    return CoderUtils.decodeFromByteArray(RawBatchCoder.of(), HexFormat.of().parseHex(hex));
  }
}
