package clicklake.io.commit;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.LandedGeneration;
import clicklake.schemas.table.TableFiles;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/** Files of a table that notes what is read of them. */
public final class CountingTableFiles implements TableFiles {
  private final TableFiles files;

  /** Paths of the files whose rows were read, in order. */
  public final List<String> rowsRead = new ArrayList<>();

  /** Paths of the files that were asked for landing files, in order. */
  public final List<String> landedRead = new ArrayList<>();

  public CountingTableFiles(TableFiles files) {
    this.files = files;
  }

  @Override
  public boolean exists(String path) {
    return files.exists(path);
  }

  @Override
  public long countRows(DataFile file) {
    return files.countRows(file);
  }

  @Override
  public List<RowFacts> rows(DataFile file) {
    rowsRead.add(file.path());
    return files.rows(file);
  }

  @Override
  public Collection<LandedGeneration> landed(DataFile file) {
    landedRead.add(file.path());
    return files.landed(file);
  }

  @Override
  public DataFile rewriteWithout(DataFile file, Predicate<RowFacts> dropped, long createdAtMillis) {
    return files.rewriteWithout(file, dropped, createdAtMillis);
  }

  @Override
  public void delete(String path) {
    files.delete(path);
  }
}
