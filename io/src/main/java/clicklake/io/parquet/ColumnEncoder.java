package clicklake.io.parquet;

import clicklake.schemas.batch.Bytes;
import clicklake.schemas.table.Column;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.BitSet;
import org.apache.parquet.bytes.ByteBufferAllocator;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType;

/**
 * Encodes one flat column of a Parquet file, page by page (data pages of version 1).
 *
 * <p>A column with a dictionary uses it as Parquet's own writer does: from the first page on, if
 * that becomes smaller by it, and until the dictionary exceeds {@value #DICTIONARY_BYTES} bytes;
 * the rest of the row group is plain. All buffers stay for the next page and row group. Not safe
 * for use by several threads.
 */
final class ColumnEncoder {
  /** Pages end at these limits because readers skip by page, and hold one in memory. */
  private static final int PAGE_ROWS = 20_000;

  private static final int PAGE_BYTES = 1 << 20;
  private static final int DICTIONARY_BYTES = 1 << 20;
  private static final ByteBufferAllocator HEAP = HeapByteBufferAllocator.getInstance();

  private final PrimitiveType type;
  private final boolean nullable;
  private final boolean keepsStatistics;
  private final boolean mayUseDictionary;
  private final DictionaryEncoder dictionary;
  private final RunLengthBitPackingHybridEncoder levels =
      new RunLengthBitPackingHybridEncoder(1, 64, PAGE_ROWS, HEAP);

  /** The page's values if they are not in the dictionary. */
  private final Bytes plain = new Bytes(64);

  /** The page's values if they are in the dictionary. */
  private int[] numbers = new int[64];

  private final byte[] number = new byte[Long.BYTES];
  private final BitSet seen = new BitSet();
  private PageWriter pages;
  private Statistics<?> statistics;
  private boolean usesDictionary;

  /** How many of the dictionary's values the written pages use. */
  private int usedNumbers;

  private int rows;
  private int values;

  /** Size of the page's values as plain ones. */
  private long plainBytes;

  /**
   * @param type the column's type in the file
   * @param mayUseDictionary whether values are likely to repeat; not for doubles and booleans
   * @param pages takes the first row group's pages
   */
  ColumnEncoder(Column column, PrimitiveType type, boolean mayUseDictionary, PageWriter pages) {
    this.type = type;
    this.nullable = column.nullable();
    this.keepsStatistics = column.statistics();
    this.mayUseDictionary = mayUseDictionary;
    this.dictionary =
        new DictionaryEncoder(
            type.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.BINARY);
    this.pages = pages;
    this.usesDictionary = mayUseDictionary;
    this.statistics = noStatistics();
  }

  private Statistics<?> noStatistics() {
    return keepsStatistics ? Statistics.createStats(type) : Statistics.noopStats(type);
  }

  /** Begins another row group, whose pages go to {@code next}. */
  void begin(PageWriter next) {
    pages = next;
    dictionary.clear();
    usesDictionary = mayUseDictionary;
    usedNumbers = 0;
  }

  /** Bytes of the row group so far: pages compressed, the one in work as plain. */
  long bufferedBytes() {
    return pages.getMemSize() + plainBytes;
  }

  void putNull() {
    statistics.incrementNumNulls();
    endRow(0);
  }

  void putInt(int value) {
    if (usesDictionary) {
      Bytes.setInt(number, 0, value);
      putIntoDictionary(number, 0, Integer.BYTES);
    } else {
      plain.putInt(value);
      statistics.updateStats(value);
    }
    endValue(Integer.BYTES);
  }

  void putLong(long value) {
    if (usesDictionary) {
      Bytes.setLong(number, 0, value);
      putIntoDictionary(number, 0, Long.BYTES);
    } else {
      plain.putLong(value);
      statistics.updateStats(value);
    }
    endValue(Long.BYTES);
  }

  void putDouble(double value) {
    plain.putLong(Double.doubleToLongBits(value));
    statistics.updateStats(value);
    endValue(Double.BYTES);
  }

  /** Puts a boolean: eight of them make a byte, the first its lowest bit. */
  void putBoolean(boolean value) {
    int bit = values % Byte.SIZE;
    if (bit == 0) {
      plain.putByte(0);
    }
    if (value) {
      plain.array()[plain.size() - 1] |= (byte) (1 << bit);
    }
    statistics.updateStats(value);
    endValue(bit == 0 ? 1 : 0);
  }

  void putBytes(byte[] array, int start, int length) {
    if (usesDictionary) {
      putIntoDictionary(array, start, length);
    } else {
      plain.putInt(length);
      plain.putBytes(array, start, length);
      if (keepsStatistics) {
        statistics.updateStats(Binary.fromReusedByteArray(array, start, length));
      }
    }
    endValue(Integer.BYTES + length);
  }

  private void putIntoDictionary(byte[] array, int start, int length) {
    if (values == numbers.length) {
      numbers = Arrays.copyOf(numbers, values * 2);
    }
    numbers[values] = dictionary.number(array, start, length);
  }

  private void endValue(int bytes) {
    values++;
    plainBytes += bytes;
    if (usesDictionary && dictionary.bytes() > DICTIONARY_BYTES) {
      leaveDictionary();
    }
    endRow(1);
  }

  private void endRow(int level) {
    try {
      if (nullable) {
        levels.writeInt(level);
      }
      rows++;
      if (rows == PAGE_ROWS || plainBytes >= PAGE_BYTES) {
        writePage();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Goes on without the dictionary, from this page's first value on. */
  private void leaveDictionary() {
    countNumbers();
    for (int i = 0; i < values; i++) {
      plain.putBytes(
          dictionary.page(), dictionary.begin(numbers[i]), dictionary.length(numbers[i]));
    }
    usesDictionary = false;
  }

  /** Brings the page's values in the dictionary into the statistics, each of them once. */
  private void countNumbers() {
    if (!keepsStatistics) {
      return;
    }
    seen.clear();
    byte[] page = dictionary.page();
    for (int i = 0; i < values; i++) {
      int next = numbers[i];
      if (!seen.get(next)) {
        seen.set(next);
        int start = dictionary.start(next);
        switch (type.getPrimitiveTypeName()) {
          case INT32 -> statistics.updateStats(Bytes.intAt(page, start));
          case INT64 -> statistics.updateStats(Bytes.longAt(page, start));
          default ->
              statistics.updateStats(
                  Binary.fromReusedByteArray(page, start, dictionary.end(next) - start));
        }
      }
    }
  }

  private void writePage() throws IOException {
    BytesInput encoded = BytesInput.empty();
    if (usesDictionary) {
      encoded = encodedNumbers();
      if (usedNumbers == 0 && encoded.size() + dictionary.bytes() >= plainBytes) {
        leaveDictionary();
      }
    }
    if (usesDictionary) {
      countNumbers();
      usedNumbers = dictionary.size();
    } else {
      encoded = BytesInput.from(plain.array(), 0, plain.size());
    }
    pages.writePage(
        BytesInput.concat(encodedLevels(), encoded),
        rows,
        rows,
        statistics,
        Encoding.BIT_PACKED,
        nullable ? Encoding.RLE : Encoding.BIT_PACKED,
        usesDictionary ? Encoding.PLAIN_DICTIONARY : Encoding.PLAIN);
    levels.reset();
    plain.clear();
    statistics = noStatistics();
    rows = 0;
    values = 0;
    plainBytes = 0;
  }

  private BytesInput encodedLevels() throws IOException {
    if (!nullable) {
      return BytesInput.empty();
    }
    BytesInput encoded = levels.toBytes();
    return BytesInput.concat(BytesInput.fromInt((int) encoded.size()), encoded);
  }

  private BytesInput encodedNumbers() throws IOException {
    int width = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(0, dictionary.size() - 1));
    int capacity = 64 + values / Byte.SIZE * (width + 1);
    RunLengthBitPackingHybridEncoder encoder =
        new RunLengthBitPackingHybridEncoder(width, capacity, capacity, HEAP);
    for (int i = 0; i < values; i++) {
      encoder.writeInt(numbers[i]);
    }
    return BytesInput.concat(BytesInput.from(new byte[] {(byte) width}), encoder.toBytes());
  }

  /** Writes what is left of the row group. */
  void end() throws IOException {
    if (rows > 0) {
      writePage();
    }
    if (usedNumbers > 0) {
      pages.writeDictionaryPage(
          new DictionaryPage(
              BytesInput.from(dictionary.page(), 0, dictionary.end(usedNumbers - 1)),
              usedNumbers,
              Encoding.PLAIN_DICTIONARY));
    }
  }
}
