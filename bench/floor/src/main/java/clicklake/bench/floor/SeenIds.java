package clicklake.bench.floor;

/** A set of 128-bit ids for several threads: 64 tables with open addressing, a lock for each. */
final class SeenIds {
  private static final int SHARDS = 64;

  private final Shard[] shards = new Shard[SHARDS];

  SeenIds() {
    for (int i = 0; i < SHARDS; i++) {
      shards[i] = new Shard();
    }
  }

  /** Whether it was not there before. */
  boolean add(long high, long low) {
    long notZero = (high | low) == 0 ? 1 : low; // two zeros mark a free place
    return shards[(int) (mix(high, notZero) >>> 58)].add(high, notZero);
  }

  private static long mix(long high, long low) {
    return (high ^ Long.rotateLeft(low, 31)) * 0x9E3779B97F4A7C15L;
  }

  private static final class Shard {
    private long[] ids = new long[1 << 14];
    private int size;

    synchronized boolean add(long high, long low) {
      if (size * 4 > ids.length) {
        long[] old = ids;
        ids = new long[old.length * 2];
        for (int i = 0; i < old.length; i += 2) {
          if ((old[i] | old[i + 1]) != 0) {
            put(old[i], old[i + 1]);
          }
        }
      }
      if (!put(high, low)) {
        return false;
      }
      size++;
      return true;
    }

    private boolean put(long high, long low) {
      int mask = ids.length / 2 - 1;
      for (int i = (int) (mix(high, low) >>> 20) & mask; ; i = (i + 1) & mask) {
        long otherHigh = ids[2 * i];
        long otherLow = ids[2 * i + 1];
        if ((otherHigh | otherLow) == 0) {
          ids[2 * i] = high;
          ids[2 * i + 1] = low;
          return true;
        }
        if (otherHigh == high && otherLow == low) {
          return false;
        }
      }
    }
  }
}
