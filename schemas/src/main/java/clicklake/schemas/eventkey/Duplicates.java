package clicklake.schemas.eventkey;

import static java.util.Objects.requireNonNull;

import clicklake.schemas.offset.SourcePartition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Records that repeat another event: where each stands, which event it repeats, whether the
 * original was seen in silver itself or only among events not yet committed, and whether its
 * content differs from the original's.
 */
public final class Duplicates {
  private static final Duplicates NONE =
      new Duplicates(
          List.of(), new int[0], new long[0], new boolean[0], new boolean[0], EventKeys.empty());

  private final List<SourcePartition> partitions;
  private final int[] partition;
  private final long[] offsets;
  private final boolean[] inSilver;
  private final boolean[] conflict;
  private final EventKeys keys;

  Duplicates(
      List<SourcePartition> partitions,
      int[] partition,
      long[] offsets,
      boolean[] inSilver,
      boolean[] conflict,
      EventKeys keys) {
    this.partitions = List.copyOf(partitions);
    this.partition = requireNonNull(partition);
    this.offsets = requireNonNull(offsets);
    this.inSilver = requireNonNull(inSilver);
    this.conflict = requireNonNull(conflict);
    this.keys = requireNonNull(keys);
    if (partition.length != offsets.length
        || offsets.length != inSilver.length
        || offsets.length != conflict.length
        || offsets.length != keys.size()) {
      throw new IllegalArgumentException("columns of unequal length");
    }
  }

  public static Duplicates none() {
    return NONE;
  }

  public static Builder builder() {
    return new Builder();
  }

  public int size() {
    return offsets.length;
  }

  public boolean isEmpty() {
    return offsets.length == 0;
  }

  /** The partitions that the records stand in. */
  public List<SourcePartition> partitions() {
    return partitions;
  }

  public SourcePartition partition(int index) {
    return partitions.get(partition[index]);
  }

  public long offset(int index) {
    return offsets[index];
  }

  /** Whether the original was seen in silver at the file's {@code asOf}. */
  public boolean inSilver(int index) {
    return inSilver[index];
  }

  /** Whether the record has other content than the event that it repeats. */
  public boolean conflict(int index) {
    return conflict[index];
  }

  public EventKeys keys() {
    return keys;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Duplicates duplicates
        && partitions.equals(duplicates.partitions)
        && Arrays.equals(partition, duplicates.partition)
        && Arrays.equals(offsets, duplicates.offsets)
        && Arrays.equals(inSilver, duplicates.inSilver)
        && Arrays.equals(conflict, duplicates.conflict)
        && keys.equals(duplicates.keys);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(offsets);
  }

  @Override
  public String toString() {
    return size() + " duplicates";
  }

  /** Collects duplicates. */
  public static final class Builder {
    private final List<SourcePartition> partitions = new ArrayList<>();
    private int[] partition = new int[16];
    private long[] offsets = new long[16];
    private boolean[] inSilver = new boolean[16];
    private boolean[] conflict = new boolean[16];
    private final EventKeys.Builder keys = EventKeys.builder();
    private int size;

    private Builder() {}

    public Builder add(
        SourcePartition from,
        long offset,
        long idHigh,
        long idLow,
        long eventMicros,
        boolean originalInSilver,
        boolean differs) {
      if (size == offsets.length) {
        partition = Arrays.copyOf(partition, size * 2);
        offsets = Arrays.copyOf(offsets, size * 2);
        inSilver = Arrays.copyOf(inSilver, size * 2);
        conflict = Arrays.copyOf(conflict, size * 2);
      }
      int index = partitions.indexOf(from);
      if (index < 0) {
        index = partitions.size();
        partitions.add(from);
      }
      partition[size] = index;
      offsets[size] = offset;
      inSilver[size] = originalInSilver;
      conflict[size] = differs;
      keys.add(idHigh, idLow, eventMicros);
      size++;
      return this;
    }

    public int size() {
      return size;
    }

    public Duplicates build() {
      return size == 0
          ? NONE
          : new Duplicates(
              partitions,
              Arrays.copyOf(partition, size),
              Arrays.copyOf(offsets, size),
              Arrays.copyOf(inSilver, size),
              Arrays.copyOf(conflict, size),
              keys.build());
    }
  }
}
