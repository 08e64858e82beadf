package clicklake.bench.events;

import java.io.Serializable;

/**
 * A minute's counts by action, and a HyperLogLog of its users with 4,096 registers. Open as it is,
 * so that Flink serializes it by its fields.
 */
public final class Minute implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int REGISTERS = 4096;

  /** Since 1970. */
  public long minute;

  public long[] actions = new long[Event.ACTIONS.size()];
  public byte[] registers = new byte[REGISTERS];

  public void add(int action, long userHash) {
    actions[action]++;
    int register = (int) (userHash >>> 52);
    int rank = Long.numberOfLeadingZeros(userHash << 12 | 1L << 11) + 1;
    if (registers[register] < rank) {
      registers[register] = (byte) rank;
    }
  }

  public void merge(Minute other) {
    for (int i = 0; i < actions.length; i++) {
      actions[i] += other.actions[i];
    }
    for (int i = 0; i < REGISTERS; i++) {
      registers[i] = (byte) Math.max(registers[i], other.registers[i]);
    }
  }

  /** The estimate. */
  public long users() {
    double sum = 0;
    int zeros = 0;
    for (byte register : registers) {
      sum += 1.0 / (1L << register);
      if (register == 0) {
        zeros++;
      }
    }
    double m = REGISTERS;
    double estimate = 0.7213 / (1 + 1.079 / m) * m * m / sum;
    return Math.round(estimate < 2.5 * m && zeros > 0 ? m * Math.log(m / zeros) : estimate);
  }
}
