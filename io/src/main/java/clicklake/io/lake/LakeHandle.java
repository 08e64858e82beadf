package clicklake.io.lake;

import clicklake.io.commit.LakeTables;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.table.Feed;
import java.io.Serializable;

/**
 * Says which lake and which of its feeds is meant, and finds its tables in the process that asks.
 */
public interface LakeHandle extends Serializable {

  /** Where the lake lies. */
  LakeLocation location();

  /** Which of the lake's feeds is meant. */
  Feed feed();

  /** The feed's tables; the same handles for every caller in a process. */
  LakeTables tables();
}
