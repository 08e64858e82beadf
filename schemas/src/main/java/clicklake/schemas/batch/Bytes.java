package clicklake.schemas.batch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A growing byte array with the few encodings that batches use: little-endian ints and longs, and
 * variable-length integers of seven bits a byte (LEB128), signed ones zigzagged.
 */
public final class Bytes {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] array;
  private int size;

  public Bytes(int capacity) {
    array = new byte[Math.max(16, capacity)];
  }

  /** The backing array; valid up to {@link #size()} and until the next write. */
  public byte[] array() {
    return array;
  }

  public int size() {
    return size;
  }

  public void clear() {
    size = 0;
  }

  /** Drops everything from {@code newSize} on. */
  public void truncate(int newSize) {
    size = newSize;
  }

  /** Takes {@code length} bytes that were put into the {@link #array()} directly. */
  public void skip(int length) {
    size += length;
  }

  /** A copy of what was written. */
  public byte[] toByteArray() {
    return Arrays.copyOf(array, size);
  }

  /** Makes room for {@code more} bytes beyond what is written. */
  public void ensure(int more) {
    if (array.length - size < more) {
      array =
          Arrays.copyOf(
              array,
              Math.max(
                  Math.addExact(size, more),
                  (int) Math.min(Integer.MAX_VALUE - 8, array.length * 2L)));
    }
  }

  public void putByte(int value) {
    ensure(1);
    array[size++] = (byte) value;
  }

  public void putInt(int value) {
    ensure(4);
    INT.set(array, size, value);
    size += 4;
  }

  public void putLong(long value) {
    ensure(8);
    LONG.set(array, size, value);
    size += 8;
  }

  public void putVarint(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      array[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    array[size++] = (byte) rest;
  }

  public void putSignedVarint(long value) {
    putVarint(value << 1 ^ value >> 63);
  }

  public void putBytes(byte[] source, int start, int length) {
    ensure(length);
    System.arraycopy(source, start, array, size, length);
    size += length;
  }

  /** Writes what remains in {@code source}, whose position stays. */
  public void putBytes(ByteBuffer source) {
    int length = source.remaining();
    ensure(length);
    source.get(source.position(), array, size, length);
    size += length;
  }

  /** Writes the length as a varint, then the bytes. */
  public void putSlice(byte[] source, int start, int length) {
    putVarint(length);
    putBytes(source, start, length);
  }

  public static int intAt(byte[] array, int index) {
    return (int) INT.get(array, index);
  }

  public static long longAt(byte[] array, int index) {
    return (long) LONG.get(array, index);
  }

  public static void setInt(byte[] array, int index, int value) {
    INT.set(array, index, value);
  }

  public static void setLong(byte[] array, int index, long value) {
    LONG.set(array, index, value);
  }

  /** Reads what {@link Bytes} wrote, from a given place on. */
  public static final class Reader {
    private final byte[] array;
    private int at;

    public Reader(byte[] array, int start) {
      this.array = array;
      this.at = start;
    }

    public int position() {
      return at;
    }

    public void skip(int length) {
      at += length;
    }

    public int readByte() {
      return array[at++];
    }

    public long readVarint() {
      long value = 0;
      int shift = 0;
      while (true) {
        byte next = array[at++];
        value |= (next & 0x7FL) << shift;
        if (next >= 0) {
          return value;
        }
        shift += 7;
        if (shift > 63) {
          throw new IllegalStateException("varint longer than 64 bits at byte " + (at - 1));
        }
      }
    }

    public long readLong() {
      long value = longAt(array, at);
      at += 8;
      return value;
    }

    /** A copy of the next {@code length} bytes. */
    public byte[] readBytes(int length) {
      byte[] copy = Arrays.copyOfRange(array, at, Math.addExact(at, length));
      at += length;
      return copy;
    }

    /** The next {@code length} bytes, where they are. */
    Slice readSlice(int length) {
      Slice slice = new Slice(array, at, length);
      at += length;
      return slice;
    }

    public long readSignedVarint() {
      long value = readVarint();
      return value >>> 1 ^ -(value & 1);
    }
  }
}
