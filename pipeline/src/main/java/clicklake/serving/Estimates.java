package clicklake.serving;

import clicklake.transforms.gold.table.SilverEvent;
import clicklake.transforms.live.LiveTable;
import clicklake.transforms.live.LiveTable.LiveFigure;
import clicklake.transforms.live.SilverMinutes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** Estimated figures of minutes; those whose users did not change are remembered. */
final class Estimates {
  private static final int MAX_REMEMBERED = 10_000;
  private static final long MINUTE = SilverEvent.MICROS_OF_MINUTE;

  private final Map<Key, Estimate> remembered =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Estimate> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  private record Key(LiveTable table, long minute) {}

  private record Estimate(int digest, LiveFigure figure) {}

  /** Distinct users of a minute that has events. */
  LiveFigure users(SilverMinutes minutes, long start) {
    return get(
        new Key(LiveTable.USERS, start),
        minutes.userDigest(start),
        () -> LiveTable.users(minutes.users(start, start)));
  }

  /** Open sessions at a minute's end. */
  LiveFigure sessions(SilverMinutes minutes, long start) {
    long first = start - (LiveTable.SESSION_MINUTES - 1) * MINUTE;
    int digest = 1;
    for (long minute = first; minute <= start; minute += MINUTE) {
      digest = Objects.hash(digest, minutes.userDigest(minute));
    }
    return get(
        new Key(LiveTable.SESSIONS, start),
        digest,
        () -> LiveTable.sessions(minutes.users(first, start)));
  }

  private LiveFigure get(Key key, int digest, Supplier<LiveFigure> estimate) {
    Estimate known = remembered.get(key);
    if (known == null || known.digest() != digest) {
      known = new Estimate(digest, estimate.get());
      remembered.put(key, known);
    }
    return known.figure();
  }
}
