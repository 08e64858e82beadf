package clicklake.io.landing.folder;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Reads a gzip file: its members one after the other, then perhaps zeros, which tapes and block
 * devices leave behind and gunzip passes over.
 */
final class GzipMembers extends InputStream {
  private final BufferedInputStream in;
  private InputStream member;
  private boolean ended;

  GzipMembers(BufferedInputStream in) throws IOException {
    this.in = in;
    this.member = new GzipCompressorInputStream(in, false);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int start, int length) throws IOException {
    while (!ended) {
      int read = member.read(target, start, length);
      if (read >= 0) {
        return read;
      }
      // The member leaves the stream where the next one begins.
      in.mark(1);
      int next = in.read();
      if (next <= 0) {
        requireZeros(next);
        ended = true;
      } else {
        in.reset();
        member = new GzipCompressorInputStream(in, false);
      }
    }
    return -1;
  }

  private void requireZeros(int first) throws IOException {
    for (int next = first; next >= 0; next = in.read()) {
      if (next != 0) {
        throw new IOException("bytes that are no gzip data follow the compressed data");
      }
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
