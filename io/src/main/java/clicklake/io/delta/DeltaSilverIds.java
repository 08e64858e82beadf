package clicklake.io.delta;

import clicklake.io.delta.TableLog.LogCommit;
import clicklake.io.delta.TableLog.TableState;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.PartitionId;
import clicklake.schemas.batch.Runs;
import clicklake.schemas.lake.SilverIds;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
    for (DataFile.Content file : silver().log().files(state, dates)) {
      show(file, visitor);
    }
  }

  private void show(DataFile.Content file, Visitor visitor) {
    for (TableFiles.RowFacts row : silver().files().rows(file)) {
      visitor.event(row.idHigh(), row.idLow(), row.eventMicros(), row.digest());
    }
  }

  @Override
  public Optional<List<AddedFile>> addedBetween(Version since, Version until) {
    if (until.number() < 0) {
      return Optional.empty();
    }
    Optional<List<LogCommit>> commits =
        silver().log().commitsBetween(since.number(), until.number());
    return commits.map(
        all -> {
          List<AddedFile> added = new ArrayList<>();
          for (LogCommit commit : all) {
            for (DataFile.Content file : commit.adds()) {
              added.add(new AddedFile(file.path(), LocalDate.parse(String.valueOf(file.date()))));
            }
          }
          return added;
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
