package clicklake.bench.flink;

import clicklake.bench.events.Event;





import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.reader.SimpleStreamFormat;
import org.apache.flink.core.fs.FSDataInputStream;

/** Lines as bytes, with padding behind each; Flink's own format makes a String of each. */
final class LineFormat extends SimpleStreamFormat<byte[]> {
  private static final long serialVersionUID = 1L;

  @Override
  public Reader<byte[]> createReader(Configuration configuration, FSDataInputStream stream) {
    return new LineReader(stream);
  }

  @Override
  public TypeInformation<byte[]> getProducedType() {
    return PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO;
  }

  private static final class LineReader implements Reader<byte[]> {
    private final FSDataInputStream stream;
    private final byte[] buffer = new byte[1 << 18];
    private int at;
    private int end;

    /** The beginning of a line that the last buffer ended in. */
    private byte[] begun = new byte[4096];

    private int begunLength;

    private LineReader(FSDataInputStream stream) {
      this.stream = stream;
    }

    @Override
    public byte[] read() throws IOException {
      while (true) {
        int feed = at;
        while (feed < end && buffer[feed] != '\n') {
          feed++;
        }
        if (feed < end) {
          byte[] line = new byte[begunLength + feed - at + Event.PADDING];
          System.arraycopy(begun, 0, line, 0, begunLength);
          System.arraycopy(buffer, at, line, begunLength, feed - at);
          begunLength = 0;
          at = feed + 1;
          return line;
        }
        keepBeginning();
        at = 0;
        end = Math.max(0, stream.read(buffer, 0, buffer.length));
        if (end == 0) {
          if (begunLength == 0) {
            return null;
          }
          byte[] line = Arrays.copyOf(begun, begunLength + Event.PADDING);
          begunLength = 0;
          return line;
        }
      }
    }

    private void keepBeginning() {
      int length = end - at;
      if (begunLength + length > begun.length) {
        begun = Arrays.copyOf(begun, (begunLength + length) * 2);
      }
      System.arraycopy(buffer, at, begun, begunLength, length);
      begunLength += length;
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }
}
