package clicklake.io.delta;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.PartitionId;
import clicklake.schemas.batch.Runs;
import clicklake.schemas.lake.LakeCoverage;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

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
  public Map<String, List<Generation>> retired(Set<LocalDate> ingestDates, Set<String> sources) {
    Map<String, Set<Generation>> found = new TreeMap<>();
    LedgerTable bronze = lake.tables().bronze();
    bronze
        .newestIfAny()
        .ifPresent(
            base -> {
              for (DataFile.Content file : bronze.log().files(base.state(), ingestDates)) {
                for (TableFiles.RowFacts row : bronze.files().rows(file)) {
                  if (sources.contains(row.source())) {
                    found
                        .computeIfAbsent(row.source(), source -> new HashSet<>())
                        .add(new Generation(row.partition(), row.arrivalMicros() / 1000));
                  }
                }
              }
            });
    Map<String, List<Generation>> lists = new TreeMap<>();
    found.forEach((source, generations) -> lists.put(source, List.copyOf(generations)));
    return lists;
  }
}
