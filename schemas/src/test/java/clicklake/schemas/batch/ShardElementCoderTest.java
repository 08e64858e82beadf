package clicklake.schemas.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.contract.Action;
import clicklake.schemas.contract.DeviceType;
import clicklake.schemas.contract.TextField;
import clicklake.schemas.eventkey.Duplicates;
import clicklake.schemas.eventkey.EventKeys;
import clicklake.schemas.offset.Coverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;

/** The bytes of what crosses the shuffle: they outlive the code, so they are fixed here. */
class ShardElementCoderTest {
  private static final SourcePartition CLICKS =
      new SourcePartition("clicks", 3, "kafka:cluster:topic");

  private static EventBatch oneEvent() {
    EventRow row = new EventRow();
    row.clear();
    row.id(0x0123456789abcdefL, 0xfedcba9876543210L);
    row.eventMicros(1_700_000_000_000_000L);
    row.schemaVersion(2);
    row.action(Action.PURCHASE);
    row.deviceType(DeviceType.TABLET);
    row.quantity(2);
    row.price(19_9900);
    text(row, TextField.USER_ID, "u1");
    text(row, TextField.PAGE, "/checkout");
    return new EventBatch.Builder(64).add(row, CLICKS, 42, 1_700_000_000_123L).build();
  }

  private static void text(EventRow row, TextField field, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    row.text(field, bytes, 0, bytes.length);
  }

  private static Proposal oneFile() {
    return new Proposal(
        Proposal.Kind.EVENTS,
        new DataFile("event_date=2023-11-14/f.parquet", 999, 1, "2023-11-14", "{}"),
        1_700_000_001_000L,
        List.of(new Coverage(CLICKS, OffsetRanges.ofBounds(42, 43, 50, 60), 1)),
        Map.of(CLICKS, 60L),
        "table",
        7,
        EventKeys.builder().add(1, 2, 3).build(),
        List.of(0),
        Duplicates.builder().add(CLICKS, 44, 1, 2, 3, true, true).build());
  }

  private static <T> String hex(Coder<T> coder, T value) throws IOException {
    return HexFormat.of().formatHex(CoderUtils.encodeToByteArray(coder, value));
  }

  @Test
  void bytesOfAnEventBatchStayAsTheyAre() throws IOException {
    assertThat(hex(ShardElementCoder.of(), oneEvent()))
        .isEqualTo(
            "79010107636c69636b7303146b61666b613a636c75737465723a746f706963015959000000000000"
                + "00efcdab89674523011032547698badcfe00401e18240a06002a000000000000007b68e5cf8b0100"
                + "00aafaef34893444b602030300030000c002000000dc0c030000000000027531092f636865636b6f"
                + "7574");
  }

  @Test
  void bytesOfADataFileStayAsTheyAre() throws IOException {
    assertThat(hex(ShardElementCoder.of(), oneFile()))
        .isEqualTo(
            "d601020101206576656e745f646174653d323032332d31312d31342f662e70617271756574e70701"
                + "0b323032332d31312d3134037b7dd0afabfef9620107636c69636b7303146b61666b613a636c7573"
                + "7465723a746f706963022a01070a010107636c69636b7303146b61666b613a636c75737465723a74"
                + "6f7069633c067461626c650e01010000000000000002000000000000000300000000000000010001"
                + "0107636c69636b7303146b61666b613a636c75737465723a746f706963002c030100000000000000"
                + "02000000000000000300000000000000");
  }

  @Test
  void digestTellsContentAndNotPosition() {
    EventRow row = new EventRow();
    row.clear();
    row.id(1, 2);
    row.eventMicros(5);
    row.schemaVersion(1);
    text(row, TextField.PAGE, "/");
    EventBatch.Builder builder = new EventBatch.Builder(64);
    builder.add(row, CLICKS, 1, 10);
    builder.add(row, new SourcePartition("clicks", 0, "x"), 2, 20);
    row.eventMicros(6);
    builder.add(row, CLICKS, 3, 10);
    EventBatch.Cursor event = builder.build().cursor();
    event.next();
    long first = event.digest();
    event.next();
    assertThat(event.digest()).isEqualTo(first);
    event.next();
    assertThat(event.digest()).isNotEqualTo(first);
  }

  @Test
  void bothKindsComeBackEqual() throws IOException {
    for (ShardElement element : List.of(oneEvent(), oneFile())) {
      byte[] bytes = CoderUtils.encodeToByteArray(ShardElementCoder.of(), element);
      assertThat(CoderUtils.decodeFromByteArray(ShardElementCoder.of(), bytes)).isEqualTo(element);
    }
  }

  @Property
  void anyRowsComeBackFieldByField(
      @ForAll @Size(min = 1, max = 20) List<@Size(max = 3) List<String>> rows) {
    EventBatch.Builder builder = new EventBatch.Builder(16);
    EventRow row = new EventRow();
    for (int i = 0; i < rows.size(); i++) {
      row.clear();
      row.id(i, -i);
      row.eventMicros(i * 1000L - 5);
      row.schemaVersion(1 + i % 2);
      row.action(Action.of(i % Action.values().length));
      for (int slot = 0; slot < rows.get(i).size(); slot++) {
        text(row, TextField.of(4 * slot), rows.get(i).get(slot));
      }
      builder.add(row, new SourcePartition("s", i % 3, "i"), i, i - 7);
    }
    EventBatch.Cursor event = builder.build().cursor();
    for (int i = 0; i < rows.size(); i++) {
      assertThat(event.next()).isTrue();
      assertThat(event.idHigh()).isEqualTo(i);
      assertThat(event.idLow()).isEqualTo(-i);
      assertThat(event.eventMicros()).isEqualTo(i * 1000L - 5);
      assertThat(event.offset()).isEqualTo(i);
      assertThat(event.arrivalMillis()).isEqualTo(i - 7);
      assertThat(event.partition()).isEqualTo(new SourcePartition("s", i % 3, "i"));
      for (int slot = 0; slot < 3; slot++) {
        String expected = slot < rows.get(i).size() ? rows.get(i).get(slot) : null;
        assertThat(event.text(TextField.of(4 * slot)))
            .isEqualTo(expected == null ? null : new String(expected.getBytes(UTF_8), UTF_8));
      }
    }
    assertThat(event.next()).isFalse();
  }

  @Property
  void everyIdHasAShardAndTheSameOne(@ForAll long high, @ForAll long low) {
    int shard = EventBatch.shardOf(high, low, 4);
    assertThat(shard).isBetween(0, 3).isEqualTo(EventBatch.shardOf(high, low, 4));
  }
}
