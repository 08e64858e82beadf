package clicklake.io.source;

import org.apache.beam.sdk.coders.CoderException;

/** The wording of what can go wrong with any source. */
final class SourceFailures {
  private SourceFailures() {}

  /** A runner's checkpoint was written by another version. */
  static CoderException unknownFormat(int found, int known) {
    return new CoderException(
        "reader's checkpoint has format "
            + found
            + ", known is "
            + known
            + "; delete the runner's state, the lake knows where to go on");
  }
}
