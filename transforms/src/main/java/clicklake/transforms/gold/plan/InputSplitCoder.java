package clicklake.transforms.gold.plan;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.DataFileCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.SetCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/** Coder of {@link InputSplit}. */
public final class InputSplitCoder extends AtomicCoder<InputSplit> {
  private static final long serialVersionUID = 1L;
  private static final InputSplitCoder INSTANCE = new InputSplitCoder();
  private static final Coder<String> TEXT = StringUtf8Coder.of();
  private static final Coder<Set<String>> TEXTS = SetCoder.of(StringUtf8Coder.of());
  private static final Coder<List<DataFile>> FILES = ListCoder.of(DataFileCoder.of());

  private InputSplitCoder() {}

  public static InputSplitCoder of() {
    return INSTANCE;
  }

  @Override
  public void encode(InputSplit split, OutputStream out) throws IOException {
    TEXT.encode(split.table(), out);
    TEXTS.encode(split.feeds(), out);
    FILES.encode(split.files(), out);
  }

  @Override
  public InputSplit decode(InputStream in) throws IOException {
    return new InputSplit(TEXT.decode(in), TEXTS.decode(in), FILES.decode(in));
  }
}
