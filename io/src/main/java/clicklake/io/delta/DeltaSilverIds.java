package clicklake.io.delta;

import clicklake.io.delta.TableLog.TableState;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.PartitionId;
import clicklake.schemas.batch.Runs;
import clicklake.schemas.lake.SilverIds;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Reads silver's ids through its log and files. */
final class DeltaSilverIds implements SilverIds {
  private static final long serialVersionUID = 1L;

  private final LakeRef lake;

  DeltaSilverIds(LakeRef lake) {
    this.lake = lake;
  }

  private LedgerTable silver() {
    return lake.tables().silver();
  }

  @Override
  public String lake() {
    return lake.location();
  }

  @Override
  public Version latest() {
    return silver()
        .log()
        .newest()
        .map(state -> new Version(state.tableId(), state.version()))
        .orElse(Version.NONE);
  }

  @Override
  public void scan(Version version, Set<LocalDate> dates, Visitor visitor) {
    TableState state = new TableState(version.tableId(), version.number(), Map.of());
    silver().log().showFiles(state, dates, file -> show(file, visitor));
  }

  private void show(DataFile.Content file, Visitor visitor) {
    for (TableFiles.RowFacts row : silver().files().rows(file)) {
      visitor.event(row.idHigh(), row.idLow(), row.eventMicros(), row.digest());
    }
  }

  @Override
  public boolean showAdded(Version since, Version until, Consumer<AddedFile> visitor) {
    return until.number() >= 0
        && silver()
            .log()
            .showCommits(
                since.number(),
                until.number(),
                commit -> {
                  for (DataFile.Content file : commit.adds()) {
                    visitor.accept(
                        new AddedFile(file.path(), LocalDate.parse(String.valueOf(file.date()))));
                  }
                  return true;
                });
  }

  @Override
  public void scan(AddedFile file, Visitor visitor) {
    show(new DataFile.Content(file.path(), -1, 0, file.date().toString(), ""), visitor);
  }

  @Override
  public Map<PartitionId, Runs> covered(Set<PartitionId> partitions) {
    Map<PartitionId, Runs> covered = new HashMap<>();
    silver()
        .newestIfAny()
        .ifPresent(
            base ->
                partitions.forEach(
                    partition -> covered.put(partition, base.ledger().covered(partition))));
    return covered;
  }
}
