package clicklake.bench.events;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;

/** What a correct job counts: of the records, of the distinct events, and of each minute. */
final class Expected {
  long lines;
  long bytes;
  long invalid;
  long duplicates;
  long late;
  long rescued;
  int files;
  private final long[] actions = new long[Event.ACTIONS.size()];
  private final TreeMap<Long, MinuteCounts> minutes = new TreeMap<>();

  private static final class MinuteCounts {
    private final long[] actions = new long[Event.ACTIONS.size()];
    private final Set<Integer> users = new HashSet<>();
  }

  void event(long millis, int action, int user) {
    actions[action]++;
    MinuteCounts minute =
        minutes.computeIfAbsent(Math.floorDiv(millis, 60_000L), key -> new MinuteCounts());
    minute.actions[action]++;
    minute.users.add(user);
  }

  String json() {
    long distinct = 0;
    StringBuilder perAction = new StringBuilder();
    for (int action = 0; action < actions.length; action++) {
      distinct += actions[action];
      perAction.append(",\"").append(Event.ACTIONS.get(action)).append("\":");
      perAction.append(actions[action]);
    }
    return String.format(
        Locale.ROOT,
        "{\"lines\":%d,\"bytes\":%d,\"files\":%d,\"invalid\":%d,\"distinct\":%d,\"duplicates\":%d,"
            + "\"late\":%d,\"rescued\":%d,\"minutes\":%d,\"users_per_minute_sum\":%d%s}",
        lines,
        bytes,
        files,
        invalid,
        distinct,
        duplicates,
        late,
        rescued,
        minutes.size(),
        minutes.values().stream().mapToLong(minute -> minute.users.size()).sum(),
        perAction);
  }

  String minutesCsv() {
    StringBuilder csv = new StringBuilder("minute,").append(String.join(",", Event.ACTIONS));
    csv.append(",users\n");
    minutes.forEach(
        (minute, counts) -> {
          csv.append(minute);
          for (long count : counts.actions) {
            csv.append(',').append(count);
          }
          csv.append(',').append(counts.users.size()).append('\n');
        });
    return csv.toString();
  }
}
