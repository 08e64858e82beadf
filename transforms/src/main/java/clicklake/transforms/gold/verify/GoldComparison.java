package clicklake.transforms.gold.verify;

import java.util.List;

/**
 * How the rows of a gold table compare with what they should be.
 *
 * @param table path of the table
 * @param silverVersion the version of silver that it names; -1 if it names none
 * @param rows how many it has
 * @param absent how many rows it lacks
 * @param wrong how many rows it has that it should not have; a changed row counts in both
 * @param examples some of them, and what is wrong with the table as a whole
 */
public record GoldComparison(
    String table, long silverVersion, long rows, long absent, long wrong, List<String> examples) {
  public GoldComparison {
    examples = List.copyOf(examples);
  }

  /** Whether every row is as it should be. */
  public boolean agrees() {
    return absent == 0 && wrong == 0 && examples.isEmpty();
  }
}
