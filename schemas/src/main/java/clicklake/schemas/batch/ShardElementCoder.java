package clicklake.schemas.batch;

import clicklake.schemas.offset.SourcePartition;
import java.util.List;

/** Coder of {@link ShardElement}: a tag byte, then an {@link EventBatch} or a {@link Proposal}. */
public final class ShardElementCoder extends BatchCoder<ShardElement> {
  private static final long serialVersionUID = 1L;
  private static final int EVENTS = 1;
  private static final int FILE = 2;
  private static final ShardElementCoder INSTANCE = new ShardElementCoder();

  private ShardElementCoder() {}

  public static ShardElementCoder of() {
    return INSTANCE;
  }

  @Override
  int sizeHint(ShardElement value) {
    return value instanceof Proposal file ? ProposalCoder.of().sizeHint(file) : 256;
  }

  @Override
  Slice write(ShardElement value, Bytes out) {
    if (value instanceof EventBatch batch) {
      out.putByte(EVENTS);
      putPartitions(out, batch.partitions());
      out.putVarint(batch.count());
      Slice rows = batch.rows();
      out.putVarint(rows.length());
      return rows;
    } else if (value instanceof Proposal file) {
      out.putByte(FILE);
      return ProposalCoder.of().write(file, out);
    }
    throw new IllegalStateException("no shard element is a " + value.getClass());
  }

  @Override
  ShardElement read(Bytes.Reader in) {
    int tag = in.readByte();
    switch (tag) {
      case EVENTS -> {
        List<SourcePartition> partitions = readPartitions(in);
        int count = (int) in.readVarint();
        return new EventBatch(partitions, count, in.readSlice((int) in.readVarint()));
      }
      case FILE -> {
        return ProposalCoder.of().read(in);
      }
      default -> throw new IllegalStateException("no shard element has tag " + tag);
    }
  }
}
