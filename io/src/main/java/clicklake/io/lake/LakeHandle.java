package clicklake.io.lake;

import clicklake.io.commit.LakeTables;
import clicklake.schemas.lake.LakeLocation;
import java.io.Serializable;

/** Says which lake is meant, and finds its tables in the process that asks. */
public interface LakeHandle extends Serializable {

  /** Where the lake lies. */
  LakeLocation location();

  /** The lake's tables; the same handles for every caller in a process. */
  LakeTables tables();
}
