package clicklake.schemas.batch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Coder of {@link GoldInput}. */
public final class GoldInputCoder extends BatchCoder<GoldInput> {
  private static final long serialVersionUID = 1L;
  private static final GoldInputCoder INSTANCE = new GoldInputCoder();

  private GoldInputCoder() {}

  public static GoldInputCoder of() {
    return INSTANCE;
  }

  @Override
  int sizeHint(GoldInput input) {
    return 1024 * (1 + input.files().size());
  }

  @Override
  Slice write(GoldInput input, Bytes out) {
    putText(out, input.table());
    out.putVarint(input.feeds().size());
    input.feeds().forEach(table -> putText(out, table));
    out.putVarint(input.files().size());
    input.files().forEach(file -> DataFileCoder.of().write(file, out));
    return Slice.EMPTY;
  }

  @Override
  GoldInput read(Bytes.Reader in) {
    String table = readText(in);
    Set<String> feeds = new HashSet<>();
    for (long left = in.readVarint(); left > 0; left--) {
      feeds.add(readText(in));
    }
    List<DataFile> files = new ArrayList<>();
    for (long left = in.readVarint(); left > 0; left--) {
      files.add(DataFileCoder.of().read(in));
    }
    return new GoldInput(table, feeds, files);
  }
}
