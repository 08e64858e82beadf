package clicklake.io.delta;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.PartitionId;
import clicklake.schemas.batch.Runs;
import clicklake.schemas.lake.LakeCoverage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads coverage from the ledgers of bronze and silver. */
final class DeltaLakeCoverage implements LakeCoverage {
  private static final long serialVersionUID = 1L;

  private final LakeRef lake;

  DeltaLakeCoverage(LakeRef lake) {
    this.lake = lake;
  }

  @Override
  public View read() {
    // Silver first: bronze, read later, is then never behind it.
    Optional<LedgerTable.Base> silver = lake.tables().silver().newestIfAny();
    Optional<LedgerTable.Base> bronze = lake.tables().bronze().newestIfAny();
    Set<PartitionId> finished = new HashSet<>();
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

  private static Map<PartitionId, Runs> covered(Optional<LedgerTable.Base> base) {
    Map<PartitionId, Runs> covered = new HashMap<>();
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
  public BronzeRecords bronzeRecords(PartitionId partition, Runs positions, int mostBytes) {
    LedgerTable bronze = lake.tables().bronze();
    return bronze
        .newestIfAny()
        .map(
            base ->
                new BronzeRows(bronze)
                    .records(lake.location(), base.state(), partition, positions, mostBytes))
        .orElse(BronzeRecords.NONE);
  }

  private List<DataFile.Content> bronzeFiles() {
    LedgerTable bronze = lake.tables().bronze();
    return bronze
        .newestIfAny()
        .map(base -> bronze.log().files(base.state(), null))
        .orElse(List.of());
  }
}
