package clicklake.transforms.parse;

import static clicklake.transforms.parse.JsonScanner.ESCAPED;
import static clicklake.transforms.parse.JsonScanner.PERSONAL_INSIDE;

import clicklake.schemas.batch.Bytes;
import clicklake.schemas.contract.PersonalName;
import clicklake.transforms.pseudonym.PseudonymKey;
import clicklake.transforms.pseudonym.Pseudonyms;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the members of an event that the contract does not know, and writes them as one JSON
 * object: names and values byte for byte as they were, without the white space between members; of
 * members with one name the last; personal values as pseudonyms, at any depth.
 *
 * <p>The pseudonym of a string is made from what the string means, of any other value from its JSON
 * text; null stays null. An address under the name of one ({@link PersonalName#isAddress}) is first
 * brought into canonical form.
 */
final class RescuedData {
  /** Flag beside those of {@link JsonScanner}: an address, under whatever name. */
  static final int ADDRESS = 1 << 6;

  /* A member is this many ints. */
  private static final int NAME = 0;
  private static final int NAME_END = 1;
  /* The name without escapes lies here, in the record or, if it had any, among the decoded names. */
  private static final int PLAIN = 2;
  private static final int PLAIN_END = 3;
  private static final int IS_DECODED = 4;
  private static final int VALUE = 5;
  private static final int VALUE_END = 6;
  private static final int INFO = 7;
  private static final int STRIDE = 8;

  /* Up to here, comparing every two names is cheaper than sorting them. */
  private static final int FEW = 24;

  private final JsonScanner scanner;
  private final @Nullable Pseudonyms pseudonyms;
  private final Bytes decodedNames = new Bytes(64);
  private final Bytes plainValue = new Bytes(64);
  private final byte[] address = new byte[IpAddresses.LONGEST];
  private final int[] groups = new int[8];
  private byte[] in = new byte[0];
  private int[] members = new int[16 * STRIDE];
  private int count;

  RescuedData(JsonScanner scanner, @Nullable PseudonymKey key) {
    this.scanner = scanner;
    this.pseudonyms = key == null ? null : new Pseudonyms(key);
  }

  /** Forgets all members and goes to another record. */
  void reset(byte[] bytes) {
    in = bytes;
    count = 0;
    decodedNames.clear();
  }

  boolean isEmpty() {
    return count == 0;
  }

  /**
   * Adds a member of the record.
   *
   * @param name the first byte of its name, after the quote
   * @param value the first byte of its value, a string's quote
   * @param info the value's, as {@link JsonScanner} tells it; further {@link #ADDRESS}
   */
  void add(int name, int nameEnd, boolean nameEscaped, int value, int valueEnd, int info) {
    int at = count++ * STRIDE;
    if (at == members.length) {
      members = Arrays.copyOf(members, 2 * at);
    }
    members[at + NAME] = name;
    members[at + NAME_END] = nameEnd;
    members[at + VALUE] = value;
    members[at + VALUE_END] = valueEnd;
    members[at + INFO] = info;
    if (nameEscaped) {
      members[at + IS_DECODED] = 1;
      members[at + PLAIN] = decodedNames.size();
      JsonScanner.unescape(in, name, nameEnd, decodedNames);
      members[at + PLAIN_END] = decodedNames.size();
    } else {
      members[at + IS_DECODED] = 0;
      members[at + PLAIN] = name;
      members[at + PLAIN_END] = nameEnd;
    }
  }

  /** Appends the object. */
  void write(Bytes out) {
    dropRepeated();
    out.putByte('{');
    for (int i = 0; i < count; i++) {
      int at = i * STRIDE;
      if (i > 0) {
        out.putByte(',');
      }
      int info = members[at + INFO];
      int nameEnd = members[at + NAME_END];
      int value = members[at + VALUE];
      int personal = personal(at);
      if (personal == Names.NONE && (info & PERSONAL_INSIDE) == 0 && value == nameEnd + 2) {
        // The common case: quote, name, quote, colon and value in one piece.
        int start = members[at + NAME] - 1;
        out.putBytes(in, start, members[at + VALUE_END] - start);
        continue;
      }
      out.putByte('"');
      out.putBytes(in, members[at + NAME], nameEnd - members[at + NAME]);
      out.putByte('"');
      out.putByte(':');
      int valueEnd = members[at + VALUE_END];
      if (personal != Names.NONE) {
        writePseudonym(PersonalName.of(personal).isAddress(), value, valueEnd, info, out);
      } else if ((info & PERSONAL_INSIDE) != 0) {
        writePseudonymised(value, valueEnd, out);
      } else {
        out.putBytes(in, value, valueEnd - value);
      }
    }
    out.putByte('}');
  }

  /**
   * Writes the pseudonym of an address, without quotes.
   *
   * @return whether the text is an address; if not, nothing is written
   */
  boolean writeAddress(byte[] array, int start, int length, Bytes out) {
    // Most hashes that are asked about are hashes.
    int canonical =
        length > IpAddresses.LONGEST_GIVEN
            ? -1
            : IpAddresses.canonical(array, start, length, address, groups);
    if (canonical < 0) {
      return false;
    }
    writeHash(address, 0, canonical, out);
    return true;
  }

  private void writePseudonym(boolean isAddress, int value, int valueEnd, int info, Bytes out) {
    if (pseudonyms == null || JsonScanner.kind(info) == JsonScanner.NULL) {
      out.putByte('n');
      out.putByte('u');
      out.putByte('l');
      out.putByte('l');
      return;
    }
    byte[] array = in;
    int start = value;
    int length = valueEnd - value;
    if (JsonScanner.kind(info) == JsonScanner.STRING) {
      start++;
      length -= 2;
      if ((info & ESCAPED) != 0) {
        plainValue.clear();
        JsonScanner.unescape(in, start, start + length, plainValue);
        array = plainValue.array();
        start = 0;
        length = plainValue.size();
      }
    }
    out.putByte('"');
    if (!isAddress || !writeAddress(array, start, length, out)) {
      writeHash(array, start, length, out);
    }
    out.putByte('"');
  }

  private void writeHash(byte[] array, int start, int length, Bytes out) {
    if (pseudonyms == null) {
      return;
    }
    out.ensure(Pseudonyms.LENGTH);
    pseudonyms.write(array, start, length, out.array(), out.size());
    out.skip(Pseudonyms.LENGTH);
  }

  /** Copies a sound value with the personal values inside replaced. */
  private void writePseudonymised(int from, int to, Bytes out) {
    int copied = from;
    int at = from;
    while (at < to) {
      if (in[at] != '"') {
        at++;
        continue;
      }
      int name = at + 1;
      int nameEnd = scanner.string(name);
      boolean escaped = scanner.escaped();
      at = scanner.space(nameEnd + 1);
      if (at >= to || in[at] != ':') {
        continue;
      }
      at = scanner.space(at + 1);
      byte[] array = in;
      int plain = name;
      int plainEnd = nameEnd;
      if (escaped) {
        plainValue.clear();
        JsonScanner.unescape(in, name, nameEnd, plainValue);
        array = plainValue.array();
        plain = 0;
        plainEnd = plainValue.size();
      }
      int personal = Names.personal(array, plain, plainEnd);
      if (personal != Names.NONE) {
        out.putBytes(in, copied, at - copied);
        copied = scanner.value(at, 0);
        writePseudonym(PersonalName.of(personal).isAddress(), at, copied, scanner.info(), out);
        at = copied;
      }
    }
    out.putBytes(in, copied, to - copied);
  }

  /** The personal name that a member goes by, or {@link Names#NONE}. */
  private int personal(int at) {
    return (members[at + INFO] & ADDRESS) != 0
        ? PersonalName.IP.ordinal()
        : Names.personal(plainArray(at), members[at + PLAIN], members[at + PLAIN_END]);
  }

  private byte[] plainArray(int at) {
    return members[at + IS_DECODED] == 0 ? in : decodedNames.array();
  }

  /** Leaves of members with one name only the last, the others in their order. */
  private void dropRepeated() {
    if (count < 2) {
      return;
    }
    int kept = 0;
    if (count <= FEW) {
      for (int i = 0; i < count; i++) {
        if (!isRepeatedAfter(i)) {
          keep(i, kept++);
        }
      }
    } else {
      boolean[] dropped = repeated();
      for (int i = 0; i < count; i++) {
        if (!dropped[i]) {
          keep(i, kept++);
        }
      }
    }
    count = kept;
  }

  private void keep(int index, int slot) {
    if (index != slot) {
      System.arraycopy(members, index * STRIDE, members, slot * STRIDE, STRIDE);
    }
  }

  private boolean isRepeatedAfter(int index) {
    for (int later = index + 1; later < count; later++) {
      if (compareNames(index, later) == 0) {
        return true;
      }
    }
    return false;
  }

  /** The same by sorting, since nothing bounds how many names a hostile record has. */
  private boolean[] repeated() {
    Integer[] order = new Integer[count];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, this::compareNames);
    boolean[] dropped = new boolean[count];
    for (int i = 1; i < count; i++) {
      // The sort is stable: of equal names the last in the record comes last.
      dropped[order[i - 1]] = compareNames(order[i - 1], order[i]) == 0;
    }
    return dropped;
  }

  /** Some total order of names, the short ones first. */
  private int compareNames(int left, int right) {
    int a = left * STRIDE;
    int b = right * STRIDE;
    int lengthA = members[a + PLAIN_END] - members[a + PLAIN];
    int lengthB = members[b + PLAIN_END] - members[b + PLAIN];
    return lengthA != lengthB
        ? Integer.compare(lengthA, lengthB)
        : Arrays.compare(
            plainArray(a),
            members[a + PLAIN],
            members[a + PLAIN_END],
            plainArray(b),
            members[b + PLAIN],
            members[b + PLAIN_END]);
  }
}
