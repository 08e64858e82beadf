package clicklake.io.lake;

import clicklake.io.commit.LakeTables;
import clicklake.io.ledger.Ledger;
import clicklake.io.ledger.LedgerTable;
import clicklake.io.lookup.BronzeRows;
import clicklake.io.parquet.ParquetTableReader;
import clicklake.schemas.lake.LakeCoverage;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.Feed;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads coverage from the ledgers of bronze and silver. */
public final class FeedCoverage implements LakeCoverage {
  private static final long serialVersionUID = 1L;

  private final LakeHandle lake;

  public FeedCoverage(LakeHandle lake) {
    this.lake = lake;
  }

  @Override
  public LakeLocation lake() {
    return lake.location();
  }

  @Override
  public Feed feed() {
    return lake.feed();
  }

  @Override
  public View read() {
    // Silver first: bronze, read later, is then never behind it.
    Optional<LedgerTable.Base> silver = lake.tables().silver().newestIfAny();
    Optional<LedgerTable.Base> bronze = lake.tables().bronze().newestIfAny();
    Set<SourcePartition> finished = new HashSet<>();
    silver.ifPresent(
        base ->
            base.ledger().partitions().values().stream()
                .filter(Ledger.Partition::finished)
                .map(Ledger.Partition::id)
                .filter(
                    partition ->
                        bronze
                            .map(records -> records.ledger().partition(partition.name()))
                            .map(Ledger.Partition::finished)
                            .orElse(true))
                .forEach(finished::add));
    return new View(
        bronze.map(base -> base.state().version()).orElse(-1L),
        covered(bronze),
        covered(silver),
        finished,
        bronze.map(base -> base.ledger().retired().partitions()).orElse(0L));
  }

  private static Map<SourcePartition, OffsetRanges> covered(Optional<LedgerTable.Base> base) {
    Map<SourcePartition, OffsetRanges> covered = new HashMap<>();
    base.ifPresent(
        present ->
            present
                .ledger()
                .partitions()
                .values()
                .forEach(partition -> covered.put(partition.id(), partition.covered())));
    return covered;
  }

  @Override
  public Map<String, List<Generation>> retired(Set<String> sources) {
    LakeTables tables = lake.tables();
    return tables
        .bronze()
        .newestIfAny()
        .map(base -> tables.landed().generations(base, sources))
        .orElse(Map.of());
  }

  @Override
  public BronzeRecords bronzeRecords(
      SourcePartition partition, OffsetRanges positions, int mostBytes) {
    LedgerTable bronze = lake.tables().bronze();
    return bronze
        .newestIfAny()
        .map(
            base ->
                new BronzeRows(bronze)
                    .records(
                        new ParquetTableReader(lake.location(), lake.feed().bronze().path()),
                        base.state(),
                        partition,
                        positions,
                        mostBytes))
        .orElse(BronzeRecords.NONE);
  }
}
