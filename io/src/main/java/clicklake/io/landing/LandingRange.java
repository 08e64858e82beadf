package clicklake.io.landing;

import java.util.List;

/**
 * A piece of a plan, read by one worker in one go: spans of landing files, made by {@link
 * LandingSource#plan()}.
 */
public final class LandingRange {
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
