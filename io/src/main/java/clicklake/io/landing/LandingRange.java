package clicklake.io.landing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/**
 * A piece of a plan, read by one worker in one go: spans of landing files, made by {@link
 * LandingSource#plan()}.
 */
public final class LandingRange {
  private static final long LEDGER_BYTES_PER_FILE = 150;

  private final List<FileSpan> spans;

  LandingRange(List<FileSpan> spans) {
    this.spans = List.copyOf(spans);
  }

  List<FileSpan> spans() {
    return spans;
  }

  /** Bytes to be read, compressed ones as they lie in the file. */
  public long bytes() {
    return spans.stream().mapToLong(span -> span.toByte() - span.fromByte()).sum();
  }

  /**
   * Bytes that the names of the range's files take in a ledger, with what stands beside each; what
   * a round may have of them is bounded, for a ledger is written whole with every commit.
   */
  public long ledgerBytes() {
    return spans.stream()
        .mapToLong(
            span ->
                span.file().path().getBytes(UTF_8).length
                    + span.file().tag().length()
                    + LEDGER_BYTES_PER_FILE)
        .sum();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LandingRange range && spans.equals(range.spans);
  }

  @Override
  public int hashCode() {
    return spans.hashCode();
  }

  @Override
  public String toString() {
    return spans.toString();
  }
}
