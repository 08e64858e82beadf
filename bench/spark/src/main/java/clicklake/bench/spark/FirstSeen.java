package clicklake.bench.spark;

import java.util.HashSet;
import java.util.Set;
import org.apache.spark.sql.api.java.UDF1;

/**
 * Whether a task sees an id for the first time. Sound because rows were partitioned by id before,
 * and every task has an instance of its own.
 */
final class FirstSeen implements UDF1<String, Boolean> {
  private static final long serialVersionUID = 1L;
  private transient Set<String> seen;

  @Override
  public Boolean call(String id) {
    if (seen == null) {
      seen = new HashSet<>(1 << 20);
    }
    return seen.add(id);
  }
}
