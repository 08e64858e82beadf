package clicklake.transforms.gold.table;

import java.util.List;

/** What a gold table holds: its columns and files, and how its rows come from events. */
public interface GoldDefinition {

  /** The table. */
  GoldTable table();

  /** Names of silver's columns that it asks an event for; none if its rows are derived alone. */
  List<String> reads();
}
