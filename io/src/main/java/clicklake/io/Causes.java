package clicklake.io;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Why something failed, one cause behind the other. */
public final class Causes {
  /** Chains of causes are short; nothing is gained from what lies deeper. */
  private static final int MAX_CAUSES = 100;

  private Causes() {}

  /** The failure and its causes, the deepest last; a ring of causes ends where it closes. */
  public static List<Throwable> of(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    @Nullable Throwable cause = failure;
    while (cause != null && causes.size() < MAX_CAUSES && seen.add(cause)) {
      causes.add(cause);
      cause = cause.getCause();
    }
    return causes;
  }

  /** What is behind all others. */
  public static Throwable deepest(Throwable failure) {
    List<Throwable> causes = of(failure);
    return causes.get(causes.size() - 1);
  }
}
