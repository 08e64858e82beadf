package clicklake.schemas.table;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * JSON of a Delta log, with texts as long as they come.
 *
 * <p>A ledger is one text in a commit, and Jackson reads no text above 20 million characters unless
 * told to. Nothing of ours writes such a ledger (a ledger above a limit is not committed); but one
 * that is in a log must be read, or the lake is lost over it.
 */
public final class LogJson {
  private static final StreamReadConstraints CONSTRAINTS =
      StreamReadConstraints.builder().maxStringLength(500_000_000).build();

  private LogJson() {}

  /** A mapper for commits and ledgers. */
  public static ObjectMapper mapper() {
    return new ObjectMapper(JsonFactory.builder().streamReadConstraints(CONSTRAINTS).build());
  }

  /**
   * Lets Kernel read long texts, too. Its mappers are its own and take Jackson's defaults when they
   * are made, so this must be called before the first of them. It changes the default of the whole
   * process, in this one limit, and only upwards.
   */
  public static void letKernelReadLongTexts() {
    StreamReadConstraints.overrideDefaultStreamReadConstraints(CONSTRAINTS);
  }
}
