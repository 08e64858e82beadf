package clicklake.jobs;

import clicklake.schemas.table.LakeException;
import clicklake.transforms.gold.plan.RefreshPlan;
import clicklake.transforms.gold.refresh.GoldLake;
import clicklake.transforms.gold.table.GoldTable;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings some gold tables to what silver says: plans, has the plan carried out, and looks. */
final class RefreshLoop {
  private static final Logger LOG = LoggerFactory.getLogger(RefreshLoop.class);
  private static final int ATTEMPTS = 10;

  private final GoldLake lake;
  private final List<GoldTable> tables;
  private final String rules;

  /**
   * @param tables each after the one that it is derived from
   * @param rules the settings that their rows depend on, as text
   */
  RefreshLoop(GoldLake lake, List<GoldTable> tables, String rules) {
    this.lake = lake;
    this.tables = tables;
    this.rules = rules;
  }

  /**
   * Refreshes once.
   *
   * @param worker writes and commits what a plan wants
   * @return the plan that was carried out; empty if there is no silver table yet
   * @throws LakeException if a table cannot be read or written, or is not ours
   */
  Optional<RefreshPlan> run(Consumer<RefreshPlan> worker) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<RefreshPlan> plan = lake.plan(tables, rules);
      if (plan.isEmpty() || plan.get().upToDate()) {
        return plan;
      }
      worker.accept(plan.get());
      if (lake.reached(plan.get(), tables)) {
        return plan;
      }
      LOG.info("a gold table was changed by somebody else meanwhile; planning again");
    }
    throw new LakeException(
        "cannot refresh "
            + tables
            + " of "
            + lake
            + ": they were changed by somebody else "
            + ATTEMPTS
            + " times in a row; stop other writers and start the job again");
  }
}
