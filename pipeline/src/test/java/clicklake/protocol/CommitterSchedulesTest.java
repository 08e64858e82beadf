package clicklake.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.io.ledger.Ledger;
import clicklake.io.ledger.LedgerTable;
import clicklake.protocol.Schedule.Faults;
import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.TableFiles.RowFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Thousands of random schedules over the real committers and the real dedupe cache: whatever
 * happens, every record ends in exactly one place. A failure names its seed and the steps.
 */
class CommitterSchedulesTest {

  private static final int SCHEDULES = Integer.getInteger("clicklake.schedules", 4000);
  private static final long FIRST_SEED = Long.getLong("clicklake.seed", 1);

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    // name, crashes, copies, optimizes, ambiguous, rewinds, repeats, changed rules, conflicts,
    // constant ids, files, horizons
    "plain crashes,          3, 0, 0, 0, 0, 0, false, false, false, false, false",
    "copies and zombies,     2, 3, 0, 0, 1, 2, false, false, false, false, false",
    "doubtful commits,       1, 2, 1, 3, 1, 2, false, false, false, false, false",
    "conflicting content,    2, 2, 2, 1, 1, 2, false, true,  false, false, false",
    "changed rules,          2, 2, 1, 1, 1, 1, true,  false, false, false, false",
    "constant ids for days,  2, 2, 1, 1, 1, 2, false, true,  true,  false, false",
    "files summed up,        2, 2, 1, 1, 1, 2, false, true,  false, true, false",
    "constant ids in files,  2, 2, 2, 1, 1, 2, false, true,  true,  true, false",
    "several horizons,       2, 4, 1, 1, 1, 2, false, true,  true,  false, true",
    "everything,             3, 3, 2, 2, 2, 3, true,  true,  true,  false, false"
  })
  void everyRecordEndsInExactlyOnePlace(
      String name,
      int crashes,
      int copies,
      int optimizes,
      int ambiguous,
      int rewinds,
      int repeats,
      boolean changedRules,
      boolean conflicts,
      boolean constantIds,
      boolean files,
      boolean horizons) {
    Faults faults =
        new Faults(
            crashes,
            copies,
            optimizes,
            ambiguous,
            rewinds,
            repeats,
            changedRules,
            conflicts,
            constantIds,
            files,
            horizons);
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SCHEDULES; seed++) {
      Schedule schedule = new Schedule(seed, faults);
      try {
        int steps = 10 + schedule.random.nextInt(60);
        for (int i = 0; i < steps; i++) {
          schedule.step();
        }
        if (seed % 4 == 0) {
          assertThat(schedule.audit(changedRules)).as("faults found on the way").isEmpty();
        }
        schedule.finish();
        check(schedule, changedRules);
        assertThat(schedule.audit(changedRules)).as("faults found in the end").isEmpty();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            name + ", seed " + seed + ": " + e.getMessage() + "\n" + describe(schedule), e);
      }
    }
    System.out.println(
        name + ": " + SCHEDULES + " schedules from seed " + FIRST_SEED + ", all balanced");
  }

  private static String describe(Schedule schedule) {
    return "input "
        + schedule.input
        + "\n"
        + String.join("\n", schedule.trace)
        + "\nsilver "
        + schedule.silver.liveRows();
  }

  static void check(Schedule schedule, boolean changedRules) {
    Set<String> records = new TreeSet<>();
    for (int p = 0; p < schedule.input.size(); p++) {
      for (int offset = 0; offset < schedule.input.get(p).size(); offset++) {
        if (schedule.input.get(p).get(offset) != null) {
          records.add(p + "@" + offset);
        }
      }
    }
    List<String> bronze = positions(schedule.bronze);
    List<String> silver = positions(schedule.silver);
    List<String> quarantine = positions(schedule.quarantine);
    assertThat(bronze).as("bronze").containsExactlyInAnyOrderElementsOf(records);
    assertThat(new HashSet<>(silver)).as("silver positions").hasSameSizeAs(silver);
    assertThat(new HashSet<>(quarantine)).as("quarantine").hasSameSizeAs(quarantine);
    assertThat(silver).as("in silver and quarantine").filteredOn(quarantine::contains).isEmpty();

    Ledger ledger = Schedule.ledger(schedule.silver);
    Ledger.Horizon horizon = ledger.horizon();
    assertThat(horizon).as("horizon").isNotNull();
    List<RowFacts> rows = schedule.silver.liveRows();
    for (int i = 0; i < rows.size(); i++) {
      for (int j = 0; j < i; j++) {
        assertThat(sameEvent(rows.get(i), rows.get(j), horizon.lowest()))
            .as("one event twice: %s and %s", rows.get(i), rows.get(j))
            .isFalse();
      }
    }

    Map<String, Long> duplicates = new HashMap<>();
    long leastConflicts = 0;
    long mostConflicts = 0;
    for (int p = 0; p < schedule.input.size(); p++) {
      for (int offset = 0; offset < schedule.input.get(p).size(); offset++) {
        Schedule.Record record = schedule.input.get(p).get(offset);
        String position = p + "@" + offset;
        if (record == null || silver.contains(position) || quarantine.contains(position)) {
          continue;
        }
        duplicates.merge("topic/" + p, 1L, Long::sum);
        leastConflicts += schedule.isLikeNoOther(record) ? 1 : 0;
        mostConflicts += schedule.isLikeAllOfItsId(record) ? 0 : 1;
        RowFacts facts = Schedule.facts(p, offset, record);
        assertThat(rows)
            .as("an original for the duplicate %s %s", position, record)
            .anyMatch(row -> sameEvent(row, facts, horizon.highest()));
        if (!changedRules) {
          assertThat(record.validUnder()[0]).as("%s is a reject", position).isTrue();
        }
      }
      Ledger.Partition counted = ledger.partition("topic/" + p);
      if (counted != null) {
        assertThat(counted.duplicates())
            .as("duplicates counted of partition %s", p)
            .isEqualTo(duplicates.getOrDefault("topic/" + p, 0L));
        duplicates.remove("topic/" + p);
      }
    }
    assertThat(ledger.retired().duplicates())
        .as("duplicates of files that left the ledger")
        .isEqualTo(duplicates.values().stream().mapToLong(Long::longValue).sum());
    long conflicts = ledger.retired().conflicts();
    for (Ledger.Partition partition : ledger.partitions().values()) {
      conflicts += partition.conflicts();
    }
    assertThat(conflicts).as("conflicts counted").isBetween(leastConflicts, mostConflicts);
    assertThat(ledger.rowCount()).as("rows counted").isEqualTo(rows.size());
    assertThat(ledger.outbox())
        .as("outbox")
        .satisfies(outbox -> assertThat(outbox.size()).isLessThanOrEqualTo(1000));
  }

  private static boolean sameEvent(RowFacts one, RowFacts other, Duration horizon) {
    return one.idLow() == other.idLow()
        && Math.abs(one.eventMicros() - other.eventMicros()) <= horizon.toNanos() / 1000;
  }

  private static List<String> positions(MemoryTable table) {
    List<String> positions = new ArrayList<>();
    for (RowFacts row : table.liveRows()) {
      positions.add(row.partition() + "@" + row.offset());
    }
    return positions;
  }

  @Test
  void restoreOfSilverStopsTheJobAndAnotherRestoreUndoesIt() {
    Schedule schedule = new Schedule(7, Faults.NONE);
    schedule.finish();
    int before = schedule.silver.versionCount() - 1;
    MemoryTable.Handle handle = schedule.silver.handle(() -> {});
    schedule.silver.restore(0);
    assertThat(schedule.silver.liveRows()).isEmpty();
    assertThatThrownBy(() -> new LedgerTable(handle, handle).newest())
        .isInstanceOf(CorruptTableException.class)
        .hasMessageContaining("version " + (before + 1) + " (RESTORE)")
        .hasMessageContaining("RESTORE to version " + before);
    schedule.silver.restore(before);
    assertThat(new LedgerTable(handle, handle).newest().state().version()).isEqualTo(before + 2);
  }
}
