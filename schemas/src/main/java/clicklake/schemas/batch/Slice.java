package clicklake.schemas.batch;

import java.util.Arrays;

/** Some bytes of an array that others may share; nobody changes them. */
record Slice(byte[] array, int start, int length) {
  static final Slice EMPTY = new Slice(new byte[0], 0, 0);

  static Slice of(byte[] array) {
    return new Slice(array, 0, array.length);
  }

  int end() {
    return start + length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Slice slice
        && Arrays.equals(array, start, end(), slice.array, slice.start, slice.end());
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int at = start; at < end(); at++) {
      hash = 31 * hash + array[at];
    }
    return hash;
  }
}
