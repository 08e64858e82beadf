package clicklake.options.value;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the known name that a misspelt one was probably meant to be. */
public final class NearestName {
  private NearestName() {}

  /** " Did you mean X?" with what to put before the name, or nothing when no name is near. */
  public static String hint(String prefix, String given, Collection<String> known) {
    return of(given, known).map(name -> "; did you mean " + prefix + name + "?").orElse("");
  }

  /**
   * The known name with the fewest edits, the first in alphabetical order if several are equally
   * near; none if more than a third of the name would have to change. Case, hyphens and underscores
   * do not count.
   */
  public static Optional<String> of(String given, Collection<String> known) {
    String wanted = plain(given);
    String nearest = null;
    int fewest = Integer.MAX_VALUE;
    for (String name : known) {
      int edits = distance(wanted, plain(name));
      if (edits < fewest || (edits == fewest && name.compareTo(nearest) < 0)) {
        nearest = name;
        fewest = edits;
      }
    }
    return fewest <= Math.max(1, wanted.length() / 3)
        ? Optional.ofNullable(nearest)
        : Optional.empty();
  }

  private static String plain(String name) {
    return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
  }

  /** Levenshtein's distance: the fewest insertions, deletions and replacements. */
  static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }
}
