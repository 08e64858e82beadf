package clicklake.schemas.batch;

import clicklake.schemas.eventkey.Duplicates;
import clicklake.schemas.eventkey.EventKeys;
import clicklake.schemas.offset.Coverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Coder of {@link Proposal}. */
public final class ProposalCoder extends BatchCoder<Proposal> {
  private static final long serialVersionUID = 1L;
  private static final Proposal.Kind[] KINDS = Proposal.Kind.values();

  /** Bits of what is noted of a duplicate. */
  private static final int IN_SILVER = 1;

  private static final int CONFLICT = 2;
  private static final ProposalCoder INSTANCE = new ProposalCoder();

  private ProposalCoder() {}

  public static ProposalCoder of() {
    return INSTANCE;
  }

  @Override
  int sizeHint(Proposal file) {
    return 1024 + 24 * file.keys().size();
  }

  @Override
  Slice write(Proposal file, Bytes out) {
    out.putByte(file.kind().ordinal());
    DataFile content = file.content();
    out.putByte(content == null ? 0 : 1);
    if (content != null) {
      putText(out, content.path());
      out.putVarint(content.sizeBytes());
      out.putVarint(content.rows());
      putText(out, content.date());
      putText(out, content.stats());
    }
    out.putSignedVarint(file.createdAtMillis());
    out.putVarint(file.coverage().size());
    for (Coverage coverage : file.coverage()) {
      putPartition(out, coverage.partition());
      putRuns(out, coverage.runs());
      out.putVarint(coverage.rows());
    }
    out.putVarint(file.endOffsets().size());
    file.endOffsets().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            end -> {
              putPartition(out, end.getKey());
              out.putVarint(end.getValue());
            });
    putText(out, file.tableId());
    out.putSignedVarint(file.asOf());
    putKeys(out, file.keys());
    out.putVarint(file.conflicting().size());
    for (int row : file.conflicting()) {
      out.putVarint(row);
    }
    putDuplicates(out, file.duplicates());
    return Slice.EMPTY;
  }

  @Override
  Proposal read(Bytes.Reader in) {
    Proposal.Kind kind = KINDS[in.readByte()];
    DataFile content = null;
    if (in.readByte() == 1) {
      String path = readText(in);
      long size = in.readVarint();
      long rows = in.readVarint();
      String date = readNullableText(in);
      content = new DataFile(path, size, rows, date, readText(in));
    }
    long createdAtMillis = in.readSignedVarint();
    List<Coverage> coverage = new ArrayList<>();
    for (long left = in.readVarint(); left > 0; left--) {
      SourcePartition partition = readPartition(in);
      OffsetRanges runs = readRuns(in);
      coverage.add(new Coverage(partition, runs, in.readVarint()));
    }
    Map<SourcePartition, Long> endOffsets = new HashMap<>();
    for (long left = in.readVarint(); left > 0; left--) {
      SourcePartition partition = readPartition(in);
      endOffsets.put(partition, in.readVarint());
    }
    String tableId = readText(in);
    long asOf = in.readSignedVarint();
    EventKeys keys = readKeys(in);
    List<Integer> conflicting = new ArrayList<>();
    for (long left = in.readVarint(); left > 0; left--) {
      conflicting.add((int) in.readVarint());
    }
    return new Proposal(
        kind,
        content,
        createdAtMillis,
        coverage,
        endOffsets,
        tableId,
        asOf,
        keys,
        conflicting,
        readDuplicates(in));
  }

  private static void putKeys(Bytes out, EventKeys keys) {
    out.putVarint(keys.size());
    for (int i = 0; i < keys.size(); i++) {
      out.putLong(keys.idHigh(i));
      out.putLong(keys.idLow(i));
      out.putLong(keys.eventMicros(i));
    }
  }

  private static EventKeys readKeys(Bytes.Reader in) {
    int size = Math.toIntExact(in.readVarint());
    EventKeys.Builder keys = EventKeys.builder(size);
    for (int left = size; left > 0; left--) {
      long high = in.readLong();
      long low = in.readLong();
      keys.add(high, low, in.readLong());
    }
    return keys.build();
  }

  private static void putDuplicates(Bytes out, Duplicates duplicates) {
    out.putVarint(duplicates.size());
    if (duplicates.isEmpty()) {
      return;
    }
    List<SourcePartition> partitions = duplicates.partitions();
    putPartitions(out, partitions);
    for (int i = 0; i < duplicates.size(); i++) {
      out.putVarint(partitions.indexOf(duplicates.partition(i)));
      out.putVarint(duplicates.offset(i));
      out.putByte(
          (duplicates.inSilver(i) ? IN_SILVER : 0) | (duplicates.conflict(i) ? CONFLICT : 0));
      out.putLong(duplicates.keys().idHigh(i));
      out.putLong(duplicates.keys().idLow(i));
      out.putLong(duplicates.keys().eventMicros(i));
    }
  }

  private static Duplicates readDuplicates(Bytes.Reader in) {
    int count = (int) in.readVarint();
    if (count == 0) {
      return Duplicates.none();
    }
    List<SourcePartition> partitions = readPartitions(in);
    Duplicates.Builder duplicates = Duplicates.builder();
    for (int i = 0; i < count; i++) {
      SourcePartition partition = partitions.get((int) in.readVarint());
      long offset = in.readVarint();
      int flags = in.readByte();
      long high = in.readLong();
      long low = in.readLong();
      duplicates.add(
          partition,
          offset,
          high,
          low,
          in.readLong(),
          (flags & IN_SILVER) != 0,
          (flags & CONFLICT) != 0);
    }
    return duplicates.build();
  }
}
