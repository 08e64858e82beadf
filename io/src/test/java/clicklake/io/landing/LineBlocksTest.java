package clicklake.io.landing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.batch.RawBatch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LineBlocksTest {

  @Property
  void blocksOfAnySizeHoldTheLinesOfTheContent(
      @ForAll("contents") byte[] content,
      @ForAll @IntRange(min = 1, max = 40) int blockBytes,
      @ForAll @IntRange(min = 1, max = 7) int chunk)
      throws IOException {
    assertThat(read(blocks(content, blockBytes, chunk), 0, content.length))
        .isEqualTo(lines(content));
  }

  @Property
  void readingCanBeginAtAnyLine(
      @ForAll("contents") byte[] content,
      @ForAll @IntRange(min = 1, max = 40) int blockBytes,
      @ForAll @IntRange(min = 0, max = 60) int wish)
      throws IOException {
    List<String> lines = lines(content);
    int from = Math.min(wish, lines.size());
    LineBlocks blocks = blocks(content, blockBytes, 3);

    blocks.skipTo(from);

    assertThat(read(blocks, from, content.length)).isEqualTo(lines.subList(from, lines.size()));
  }

  @Property
  void lineFeedsAreCountedExactly(@ForAll("contents") byte[] content) {
    long expected = 0;
    for (byte each : content) {
      expected += each == '\n' ? 1 : 0;
    }
    assertThat(LineBlocks.countLineFeeds(content, 0, content.length)).isEqualTo(expected);
  }

  @Test
  void anEmptyStreamIsOneEmptyLastBlock() throws IOException {
    LineBlocks blocks = blocks(new byte[0], 8, 8);

    LineBlocks.Block block = blocks.next();

    assertThat(block).isNotNull();
    assertThat(block.from()).isZero();
    assertThat(block.to()).isZero();
    assertThat(block.last()).isTrue();
    assertThat(blocks.next()).isNull();
  }

  @Property
  void ofLinesAboveTheLimitLengthDigestAndHeadAreExact(
      @ForAll("contents") byte[] content,
      @ForAll @IntRange(min = 1, max = 40) int blockBytes,
      @ForAll @IntRange(min = 1, max = 12) int mostBytes,
      @ForAll @IntRange(min = 1, max = 12) int headBytes,
      @ForAll @IntRange(min = 0, max = 20) int wish,
      @ForAll @IntRange(min = 1, max = 7) int chunk)
      throws IOException {
    List<String> lines = lines(content);
    int from = Math.min(wish, lines.size());
    List<String> expected = new ArrayList<>();
    for (String line : lines.subList(from, lines.size())) {
      byte[] bytes = line.getBytes(ISO_8859_1);
      int length = line.endsWith("\n") ? bytes.length - 1 : bytes.length;
      boolean blank = line.substring(0, length).chars().allMatch(c -> c == '\r');
      expected.add(
          length <= mostBytes
              ? line
              : (blank ? "" : line.substring(0, Math.min(headBytes, mostBytes)))
                  + " of "
                  + length
                  + " "
                  + blank
                  + " "
                  + sha256(Arrays.copyOf(bytes, length)));
    }
    LineBlocks blocks = blocks(content, blockBytes, chunk, mostBytes, headBytes);
    blocks.skipTo(from);

    List<String> seen = new ArrayList<>();
    long next = from;
    LineBlocks.Block last = null;
    for (LineBlocks.Block block = blocks.next(); block != null; block = blocks.next()) {
      assertThat(block.from()).isEqualTo(next);
      next = block.to();
      LineBlocks.CutLine cut = block.cut();
      if (cut == null) {
        seen.addAll(lines(block.bytes()));
      } else {
        seen.add(
            new String(block.bytes(), ISO_8859_1)
                + " of "
                + cut.length()
                + " "
                + cut.blank()
                + " "
                + HexFormat.of().formatHex(cut.sha256()));
      }
      assertThat(last == null || !last.last()).isTrue();
      last = block;
    }
    assertThat(seen).isEqualTo(expected);
    assertThat(last).isNotNull();
    assertThat(last.last()).isTrue();
    assertThat(last.to()).isEqualTo(lines.size());
    assertThat(last.byteAfter()).isEqualTo(content.length);
  }

  private static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(RawBatch.sha256().digest(bytes));
  }

  @Provide
  Arbitrary<byte[]> contents() {
    return Arbitraries.of((byte) '\n', (byte) 'a', (byte) '\r', (byte) 0x8A, (byte) 0x0B)
        .array(byte[].class)
        .ofMaxSize(200);
  }

  private static LineBlocks blocks(byte[] content, int blockBytes, int chunk) {
    return blocks(content, blockBytes, chunk, 1_000, 1_000);
  }

  private static LineBlocks blocks(
      byte[] content, int blockBytes, int chunk, int mostBytes, int headBytes) {
    InputStream slow =
        new ByteArrayInputStream(content) {
          @Override
          public synchronized int read(byte[] target, int start, int length) {
            return super.read(target, start, Math.min(length, chunk));
          }
        };
    return new LineBlocks(slow, 0, 0, blockBytes, mostBytes, headBytes);
  }

  /** Reads to the end and checks what every block says of itself. */
  private static List<String> read(LineBlocks blocks, long from, long size) throws IOException {
    List<String> all = new ArrayList<>();
    long next = from;
    boolean last = false;
    for (LineBlocks.Block block = blocks.next(); block != null; block = blocks.next()) {
      assertThat(last).isFalse();
      assertThat(block.from()).isEqualTo(next);
      List<String> lines = lines(block.bytes());
      next = block.to();
      assertThat(lines).hasSize((int) (block.to() - block.from()));
      all.addAll(lines);
      last = block.last();
      if (last) {
        assertThat(block.byteAfter()).isEqualTo(size);
      } else {
        assertThat(block.bytes()).endsWith((byte) '\n');
      }
    }
    assertThat(last).isTrue();
    return all;
  }

  /** The model: byte by byte. */
  private static List<String> lines(byte[] content) {
    List<String> lines = new ArrayList<>();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean open = false;
    for (byte each : content) {
      open = true;
      if (each == '\n') {
        lines.add(line.toString(ISO_8859_1));
        line.reset();
        open = false;
      } else {
        line.write(each);
      }
    }
    if (open) {
      lines.add(line.toString(ISO_8859_1));
    }
    return lines;
  }
}
