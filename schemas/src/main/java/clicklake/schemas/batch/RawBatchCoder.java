package clicklake.schemas.batch;

import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;

/** Coder of {@link RawBatch}. */
public final class RawBatchCoder extends BatchCoder<RawBatch> {
  private static final long serialVersionUID = 1L;
  private static final int LINES = 1;
  private static final int RECORDS = 2;
  private static final int LAST = 4;
  private static final RawBatchCoder INSTANCE = new RawBatchCoder();

  private RawBatchCoder() {}

  public static RawBatchCoder of() {
    return INSTANCE;
  }

  @Override
  int sizeHint(RawBatch batch) {
    return 256;
  }

  @Override
  Slice write(RawBatch batch, Bytes out) {
    // Tags of our own, not ordinals: a new framing must not move the old ones.
    int framing = batch.framing() == RawBatch.Framing.LINES ? LINES : RECORDS;
    out.putByte(framing | (batch.last() ? LAST : 0));
    putPartition(out, batch.partition());
    out.putVarint(batch.from());
    out.putVarint(batch.to() - batch.from());
    putRuns(out, batch.bronzeCovered());
    putRuns(out, batch.silverCovered());
    out.putSignedVarint(batch.seenVersion());
    out.putSignedVarint(batch.arrivalMillis());
    out.putVarint(batch.bytes().length);
    return Slice.of(batch.bytes());
  }

  @Override
  RawBatch read(Bytes.Reader in) {
    int tag = in.readByte();
    SourcePartition partition = readPartition(in);
    long from = in.readVarint();
    long to = from + in.readVarint();
    OffsetRanges bronze = readRuns(in);
    OffsetRanges silver = readRuns(in);
    long version = in.readSignedVarint();
    long arrival = in.readSignedVarint();
    return new RawBatch(
        partition,
        from,
        to,
        (tag & LAST) != 0,
        bronze,
        silver,
        version,
        framing(tag & ~LAST),
        arrival,
        in.readBytes((int) in.readVarint()));
  }

  private static RawBatch.Framing framing(int tag) {
    return switch (tag) {
      case LINES -> RawBatch.Framing.LINES;
      case RECORDS -> RawBatch.Framing.RECORDS;
      default -> throw new IllegalStateException("no framing has tag " + tag);
    };
  }
}
