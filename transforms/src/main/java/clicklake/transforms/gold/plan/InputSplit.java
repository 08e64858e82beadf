package clicklake.transforms.gold.plan;

import clicklake.schemas.batch.DataFile;
import java.util.List;
import java.util.Set;

/**
 * Files that a refresh of gold reads together.
 *
 * @param table path of the table whose files they are: silver, or a gold table whose rows are
 *     merged
 * @param feeds paths of the gold tables that silver's rows are added to; empty for files of gold
 * @param files the files
 */
public record InputSplit(String table, Set<String> feeds, List<DataFile> files) {
  public InputSplit {
    feeds = Set.copyOf(feeds);
    files = List.copyOf(files);
  }
}
