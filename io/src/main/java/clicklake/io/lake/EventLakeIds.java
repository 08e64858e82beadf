package clicklake.io.lake;

import clicklake.io.ledger.LedgerTable;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.SilverIds;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.Feed;
import clicklake.schemas.table.TableFiles;
import clicklake.schemas.table.TableLog.TableState;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads silver's ids through its log and files; of {@link Feed#EVENTS} alone. Added files are shown
 * commit by commit, none of them kept: also one that has left silver since tells that what a writer
 * proposed was committed.
 */
public final class EventLakeIds implements SilverIds {
  private static final long serialVersionUID = 1L;

  private final LakeHandle lake;

  /**
   * @throws IllegalArgumentException if another feed is meant
   */
  public EventLakeIds(LakeHandle lake) {
    lake.feed().requireEvents("index of ids");
    this.lake = lake;
  }

  private LedgerTable silver() {
    return lake.tables().silver();
  }

  @Override
  public LakeLocation lake() {
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

  private void show(DataFile file, Visitor visitor) {
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
                  for (DataFile file : commit.adds()) {
                    visitor.accept(
                        new AddedFile(file.path(), LocalDate.parse(String.valueOf(file.date()))));
                  }
                  return true;
                });
  }

  @Override
  public void scan(AddedFile file, Visitor visitor) {
    show(new DataFile(file.path(), -1, 0, file.date().toString(), ""), visitor);
  }

  @Override
  public Map<SourcePartition, OffsetRanges> covered(Set<SourcePartition> partitions) {
    Map<SourcePartition, OffsetRanges> covered = new HashMap<>();
    silver()
        .newestIfAny()
        .ifPresent(
            base ->
                partitions.forEach(
                    partition -> covered.put(partition, base.ledger().covered(partition))));
    return covered;
  }
}
