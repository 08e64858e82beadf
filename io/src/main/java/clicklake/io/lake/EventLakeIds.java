package clicklake.io.lake;

import clicklake.io.ledger.LedgerTable;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.SilverIds;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.Feed;
import clicklake.schemas.table.TableLog.TableState;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads silver's ids through its log and files; of {@link Feed#EVENTS} alone. Added files are shown
 * commit by commit, none of them kept: also one that has left silver since tells that what a writer
 * proposed was committed.
 */
public final class EventLakeIds implements SilverIds {
  private static final long serialVersionUID = 1L;

  /**
   * Other processes' commits are known so much later at the most. Until then a copy of an event of
   * theirs passes for new, and silver's committer finds the two.
   */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  private final LakeHandle lake;
  private transient LedgerTable.@Nullable Base latest;

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
  public void look() {
    silver().log().newestWithin(LOOK_EVERY);
  }

  @Override
  public synchronized Version latest() {
    LedgerTable.Base base = silver().knownIfAny().orElse(null);
    latest = base;
    return base == null
        ? Version.NONE
        : new Version(base.state().tableId(), base.state().version());
  }

  @Override
  public void scan(Version version, Set<LocalDate> dates, Visitor visitor) {
    TableState state = new TableState(version.tableId(), version.number(), Map.of());
    List<DataFile> files = new ArrayList<>();
    silver().log().showFiles(state, dates, files::add);
    show(files, visitor);
  }

  private void show(List<DataFile> files, Visitor visitor) {
    silver()
        .showRows(
            files,
            row -> visitor.event(row.idHigh(), row.idLow(), row.eventMicros(), row.digest()));
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
                        new AddedFile(
                            file.path(),
                            LocalDate.parse(String.valueOf(file.date())),
                            file.sizeBytes()));
                  }
                  return true;
                });
  }

  @Override
  public void scan(List<AddedFile> files, Visitor visitor) {
    show(
        files.stream()
            .map(file -> new DataFile(file.path(), file.sizeBytes(), 0, file.date().toString(), ""))
            .toList(),
        visitor);
  }

  @Override
  public synchronized Map<SourcePartition, OffsetRanges> covered(Set<SourcePartition> partitions) {
    Map<SourcePartition, OffsetRanges> covered = new HashMap<>();
    LedgerTable.Base base = latest;
    if (base != null) {
      partitions.forEach(partition -> covered.put(partition, base.ledger().covered(partition)));
    }
    return covered;
  }
}
