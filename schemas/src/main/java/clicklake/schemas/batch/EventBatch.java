package clicklake.schemas.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import clicklake.schemas.contract.Action;
import clicklake.schemas.contract.DeviceType;
import clicklake.schemas.contract.TextField;
import clicklake.schemas.offset.SourcePartition;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.codec.digest.MurmurHash3;
import org.jspecify.annotations.Nullable;

/**
 * Valid events of one id-shard with their positions, encoded row after row and read in place.
 *
 * <p>A row, little-endian:
 *
 * <pre>
 *  0 int  length of the row     4 int  index of its partition    8 long id, upper half
 * 16 long id, lower half       24 long event time, micros       32 long offset
 * 40 long arrival, millis      48 long digest                   56 byte schema version
 * 57 byte action               58 byte device type + 1, or 0    59 byte free
 * 60 int  presence: bit n is text field n, bit 30 quantity, bit 31 price
 * 64 [int quantity] [long price] then each present text: varint length, UTF-8 bytes
 * </pre>
 *
 * <p>The digest tells the content of an event: two rows of one id are identical copies if their
 * digests are equal. It is the upper half of MurmurHash3 (x64, 128 bits, seed 0) over event time,
 * version, action, device type, presence and all that follows; id and position are not in it.
 */
public final class EventBatch implements ShardElement {

  private static final int PARTITION = 4;
  private static final int ID_HIGH = 8;
  private static final int ID_LOW = 16;
  private static final int EVENT_TIME = 24;
  private static final int OFFSET = 32;
  private static final int ARRIVAL = 40;
  private static final int DIGEST = 48;
  private static final int VERSION = 56;
  private static final int ACTION = 57;
  private static final int DEVICE = 58;
  private static final int PRESENCE = 60;
  private static final int TAIL = 64;
  private static final int QUANTITY_BIT = 1 << 30;
  private static final int PRICE_BIT = 1 << 31;

  private final List<SourcePartition> partitions;
  private final int count;
  private final Slice slice;
  private final byte[] rows;

  EventBatch(List<SourcePartition> partitions, int count, Slice rows) {
    this.partitions = List.copyOf(partitions);
    this.count = count;
    this.slice = rows;
    this.rows = rows.array();
  }

  /**
   * A cursor on the one row that {@link Cursor#copyTo} wrote.
   *
   * @param partition where the event comes from
   * @param array an array with the row in it; not to be changed while the cursor is in use
   * @param start where the row begins
   */
  public static Cursor copyAt(SourcePartition partition, byte[] array, int start) {
    Slice row = new Slice(array, start, Bytes.intAt(array, start));
    Cursor cursor = new EventBatch(List.of(partition), 1, row).cursor();
    cursor.next();
    return cursor;
  }

  /** The partitions that rows of this batch come from. */
  public List<SourcePartition> partitions() {
    return partitions;
  }

  /** How many events. */
  public int count() {
    return count;
  }

  /** The encoded rows. */
  Slice rows() {
    return slice;
  }

  /** A cursor before the first row. */
  public Cursor cursor() {
    return new Cursor();
  }

  /** The shard of an event id, from 0 to {@code shards - 1}; the same on every machine. */
  public static int shardOf(long idHigh, long idLow, int shards) {
    long mixed = (idHigh ^ Long.rotateLeft(idLow, 32)) * 0x9E3779B97F4A7C15L;
    return (int) Math.floorMod(mixed >>> 32, (long) shards);
  }

  /** Walks over the rows; after {@link #next()} returned true the other methods describe one. */
  public final class Cursor {
    private int at;
    private int end = slice.start();
    private int presence;
    private int quantityAt;
    private int priceAt;
    private final int[] starts = new int[TextField.COUNT];
    private final int[] lengths = new int[TextField.COUNT];
    private boolean located;

    private Cursor() {}

    /** Goes to the next row; false at the end. */
    public boolean next() {
      if (end >= slice.end()) {
        return false;
      }
      at = end;
      end = at + Bytes.intAt(rows, at);
      presence = Bytes.intAt(rows, at + PRESENCE);
      located = false;
      return true;
    }

    public SourcePartition partition() {
      return partitions.get(partitionIndex());
    }

    /** Appends the row as it is encoded, without its partition, for {@link #copyAt}. */
    public void copyTo(Bytes target) {
      int start = target.size();
      target.putBytes(rows, at, end - at);
      Bytes.setInt(target.array(), start + PARTITION, 0);
    }

    /** An array with the batch's encoded rows in it, which all texts point into. */
    public byte[] bytes() {
      return rows;
    }

    /** Index of the row's partition in {@link EventBatch#partitions()}. */
    public int partitionIndex() {
      return Bytes.intAt(rows, at + PARTITION);
    }

    public long idHigh() {
      return Bytes.longAt(rows, at + ID_HIGH);
    }

    public long idLow() {
      return Bytes.longAt(rows, at + ID_LOW);
    }

    /** Event time, microseconds since 1970. */
    public long eventMicros() {
      return Bytes.longAt(rows, at + EVENT_TIME);
    }

    public long offset() {
      return Bytes.longAt(rows, at + OFFSET);
    }

    /** Arrival, milliseconds since 1970. */
    public long arrivalMillis() {
      return Bytes.longAt(rows, at + ARRIVAL);
    }

    /** Equal for identical content. */
    public long digest() {
      return Bytes.longAt(rows, at + DIGEST);
    }

    public int schemaVersion() {
      return rows[at + VERSION];
    }

    public Action action() {
      return Action.of(rows[at + ACTION]);
    }

    public @Nullable DeviceType deviceType() {
      int code = rows[at + DEVICE];
      return code == 0 ? null : DeviceType.of(code - 1);
    }

    public boolean hasQuantity() {
      return (presence & QUANTITY_BIT) != 0;
    }

    public int quantity() {
      locate();
      return Bytes.intAt(rows, quantityAt);
    }

    public boolean hasPrice() {
      return (presence & PRICE_BIT) != 0;
    }

    /** Price in ten-thousandths. */
    public long price() {
      locate();
      return Bytes.longAt(rows, priceAt);
    }

    public boolean has(TextField field) {
      return (presence & 1 << field.ordinal()) != 0;
    }

    /** Where the string of a present field starts in {@link #bytes()}. */
    public int start(TextField field) {
      locate();
      return starts[field.ordinal()];
    }

    /** Length in bytes of the string of a present field. */
    public int length(TextField field) {
      locate();
      return lengths[field.ordinal()];
    }

    /** The string of a field, null if absent. */
    public @Nullable String text(TextField field) {
      return has(field) ? new String(rows, start(field), length(field), UTF_8) : null;
    }

    private void locate() {
      if (located) {
        return;
      }
      int i = at + TAIL;
      if (hasQuantity()) {
        quantityAt = i;
        i += 4;
      }
      if (hasPrice()) {
        priceAt = i;
        i += 8;
      }
      for (int rest = presence & ~(QUANTITY_BIT | PRICE_BIT); rest != 0; rest &= rest - 1) {
        int slot = Integer.numberOfTrailingZeros(rest);
        int length = rows[i++];
        if (length < 0) {
          length &= 0x7F;
          int shift = 7;
          byte next;
          do {
            next = rows[i++];
            length |= (next & 0x7F) << shift;
            shift += 7;
          } while (next < 0);
        }
        starts[slot] = i;
        lengths[slot] = length;
        i += length;
      }
      located = true;
    }
  }

  /** Collects rows of one shard. */
  public static final class Builder {
    private final List<SourcePartition> partitions = new ArrayList<>();
    private final Bytes rows;
    private int count;

    /**
     * @param capacity bytes to make room for at first
     */
    public Builder(int capacity) {
      rows = new Bytes(capacity);
    }

    public int count() {
      return count;
    }

    /** Encoded bytes so far. */
    public int size() {
      return rows.size();
    }

    /** Copies an event with its position into the batch. */
    public Builder add(EventRow row, SourcePartition partition, long offset, long arrivalMillis) {
      int at = rows.size();
      rows.ensure(TAIL + 12);
      rows.putInt(0);
      rows.putInt(indexOf(partition));
      rows.putLong(row.idHigh());
      rows.putLong(row.idLow());
      rows.putLong(row.eventMicros());
      rows.putLong(offset);
      rows.putLong(arrivalMillis);
      rows.putLong(0);
      rows.putByte(row.schemaVersion());
      rows.putByte(row.action().ordinal());
      DeviceType device = row.deviceType();
      rows.putByte(device == null ? 0 : device.ordinal() + 1);
      rows.putByte(0);
      rows.putInt(0);
      int presence = 0;
      if (row.hasQuantity()) {
        presence |= QUANTITY_BIT;
        rows.putInt(row.quantity());
      }
      if (row.hasPrice()) {
        presence |= PRICE_BIT;
        rows.putLong(row.price());
      }
      for (int slot = 0; slot < TextField.COUNT; slot++) {
        TextField field = TextField.of(slot);
        byte[] text = row.array(field);
        if (text != null) {
          presence |= 1 << slot;
          rows.putSlice(text, row.start(field), row.length(field));
        }
      }
      byte[] array = rows.array();
      Bytes.setInt(array, at, rows.size() - at);
      Bytes.setInt(array, at + PRESENCE, presence);
      Bytes.setLong(array, at + DIGEST, digest(array, at, rows.size()));
      count++;
      return this;
    }

    private static long digest(byte[] array, int at, int end) {
      // Version, action, device type and presence directly precede the tail; the event time is
      // mixed in as the seed's stand-in, so that one pass over adjacent bytes is enough.
      long content = MurmurHash3.hash128x64(array, at + VERSION, end - at - VERSION, 0)[0];
      long time = Bytes.longAt(array, at + EVENT_TIME) * 0x9E3779B97F4A7C15L;
      return content ^ time ^ time >>> 32;
    }

    private int indexOf(SourcePartition partition) {
      int last = partitions.size() - 1;
      if (last >= 0 && partitions.get(last).equals(partition)) {
        return last;
      }
      int found = partitions.indexOf(partition);
      if (found >= 0) {
        return found;
      }
      partitions.add(partition);
      return last + 1;
    }

    /** The batch; the builder must not be used afterwards, except after {@link #clear()}. */
    public EventBatch build() {
      return new EventBatch(partitions, count, Slice.of(rows.toByteArray()));
    }

    /** Forgets all rows. */
    public void clear() {
      partitions.clear();
      rows.clear();
      count = 0;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EventBatch batch
        && count == batch.count
        && partitions.equals(batch.partitions)
        && slice.equals(batch.slice);
  }

  @Override
  public int hashCode() {
    return slice.hashCode();
  }

  @Override
  public String toString() {
    return count + " events of " + partitions;
  }
}
