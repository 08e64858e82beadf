package clicklake.transforms.gold.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import clicklake.schemas.batch.Bytes;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.TableSchema;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Compares two sets of files of one table as bags of rows, in memory that does not grow with them:
 * rows are spread over buckets by their digest, of a bucket only the sum of digests is kept, and
 * only buckets that differ are read again, row by row.
 */
public final class CompareRows {
  private static final int BUCKETS = 4096;
  private static final int MAX_BUCKETS_READ_AGAIN = 64;
  private static final int MAX_EXAMPLES = 5;
  private static final int LONGEST_BYTES = 16;

  private final TableSchema table;
  private final MessageDigest digest;
  private final Bytes encoded = new Bytes(256);

  public CompareRows(TableSchema table) {
    this.table = table;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Files, and who reads them. */
  public record Side(TableReader reader, List<DataFile> files) {}

  /** Sums of the digests of a bucket's rows. */
  private record Sums(long[] high, long[] low, long[] rows) {
    static Sums none() {
      return new Sums(new long[BUCKETS], new long[BUCKETS], new long[BUCKETS]);
    }

    long all() {
      long sum = 0;
      for (long number : rows) {
        sum += number;
      }
      return sum;
    }
  }

  /**
   * Compares.
   *
   * @param is what the table holds
   * @param should what it should hold
   */
  public GoldComparison compare(long silverVersion, Side is, Side should) {
    Sums have = sums(is);
    Sums want = sums(should);
    boolean[] differ = new boolean[BUCKETS];
    int differing = 0;
    for (int i = 0; i < BUCKETS; i++) {
      differ[i] =
          differing < MAX_BUCKETS_READ_AGAIN
              && (have.high()[i] != want.high()[i]
                  || have.low()[i] != want.low()[i]
                  || have.rows()[i] != want.rows()[i]);
      differing += differ[i] ? 1 : 0;
    }
    if (differing == 0) {
      return new GoldComparison(table.path(), silverVersion, have.all(), 0, 0, List.of());
    }
    Map<String, Integer> surplus = new HashMap<>();
    collect(is, differ, 1, surplus);
    collect(should, differ, -1, surplus);
    long absent = 0;
    long wrong = 0;
    List<String> examples = new ArrayList<>();
    for (Map.Entry<String, Integer> row : surplus.entrySet()) {
      int count = row.getValue();
      absent += Math.max(0, -count);
      wrong += Math.max(0, count);
      if (count != 0 && examples.size() < MAX_EXAMPLES) {
        examples.add((count < 0 ? "absent: " : "wrong: ") + row.getKey());
      }
    }
    if (differing == MAX_BUCKETS_READ_AGAIN) {
      examples.add("and more: counting stopped after 1 of " + BUCKETS / differing + " rows");
    }
    return new GoldComparison(table.path(), silverVersion, have.all(), absent, wrong, examples);
  }

  private Sums sums(Side side) {
    Sums sums = Sums.none();
    for (DataFile file : side.files()) {
      side.reader()
          .read(
              file,
              table.columns(),
              row -> {
                byte[] hash = hash(row, file);
                int bucket = bucket(hash);
                sums.high()[bucket] += Bytes.longAt(hash, 8);
                sums.low()[bucket] += Bytes.longAt(hash, 16);
                sums.rows()[bucket]++;
              });
    }
    return sums;
  }

  private static int bucket(byte[] hash) {
    return Bytes.intAt(hash, 0) & BUCKETS - 1;
  }

  private byte[] hash(TableReader.Row row, DataFile file) {
    encoded.clear();
    List<Column> columns = table.columns();
    for (int i = 0; i < columns.size(); i++) {
      if (row.isNull(i)) {
        encoded.putByte(0);
        continue;
      }
      encoded.putByte(1);
      switch (columns.get(i).type()) {
        case INT, DATE -> encoded.putInt(row.intAt(i));
        case LONG, TIMESTAMP, PRICE -> encoded.putLong(row.longAt(i));
        case DOUBLE -> encoded.putLong(Double.doubleToLongBits(row.doubleAt(i)));
        case BOOLEAN -> encoded.putByte(row.booleanAt(i) ? 1 : 0);
        case STRING, BINARY -> {
          byte[] value = row.bytesAt(i);
          encoded.putSlice(value, 0, value.length);
        }
      }
    }
    byte[] date = String.valueOf(file.date()).getBytes(UTF_8);
    encoded.putSlice(date, 0, date.length);
    digest.update(encoded.array(), 0, encoded.size());
    return digest.digest();
  }

  private void collect(Side side, boolean[] buckets, int step, Map<String, Integer> surplus) {
    for (DataFile file : side.files()) {
      side.reader()
          .read(
              file,
              table.columns(),
              row -> {
                if (buckets[bucket(hash(row, file))]) {
                  surplus.merge(describe(row, file), step, Integer::sum);
                }
              });
    }
  }

  private String describe(TableReader.Row row, DataFile file) {
    StringJoiner text = new StringJoiner(", ");
    List<Column> columns = table.columns();
    for (int i = 0; i < columns.size(); i++) {
      text.add(columns.get(i).name() + "=" + value(row, columns.get(i), i));
    }
    if (file.date() != null) {
      text.add(table.partitionColumn() + "=" + file.date());
    }
    return text.toString();
  }

  private String value(TableReader.Row row, Column column, int index) {
    if (row.isNull(index)) {
      return "null";
    }
    return switch (column.type()) {
      case INT, DATE -> Integer.toString(row.intAt(index));
      case LONG, TIMESTAMP, PRICE -> Long.toString(row.longAt(index));
      case DOUBLE -> Double.toString(row.doubleAt(index));
      case BOOLEAN -> Boolean.toString(row.booleanAt(index));
      case STRING -> row.textAt(index);
      case BINARY -> {
        byte[] bytes = row.bytesAt(index);
        // Enough to be told apart, in most cases; the digest tells in all.
        yield HexFormat.of().formatHex(bytes, 0, Math.min(LONGEST_BYTES, bytes.length))
            + "… #"
            + Arrays.hashCode(bytes);
      }
    };
  }
}
