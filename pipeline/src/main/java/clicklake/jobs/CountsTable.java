package clicklake.jobs;

import clicklake.io.lake.LakeCounts;
import java.io.PrintStream;
import java.util.Locale;
import java.util.TreeMap;

/** Prints counts for people. */
public final class CountsTable {
  private CountsTable() {}

  public static void print(PrintStream out, String title, LakeCounts counts) {
    out.println(title);
    line(out, "bronze/events", counts.bronze(), "records as received");
    line(out, "silver/events", counts.silver(), "unique events");
    line(out, "quarantine/events", counts.rejects(), "records refused");
    line(
        out,
        "duplicates",
        counts.duplicates(),
        "copies, counted"
            + (counts.conflicts() > 0
                ? "; " + grouped(counts.conflicts()) + " with other content"
                : ""));
  }

  public static void print(PrintStream out, GoldReport report) {
    if (report.silverVersion() < 0) {
      out.println("gold: there is no silver table yet; run stream first");
      return;
    }
    out.println(
        "gold, at silver version "
            + report.silverVersion()
            + "; dates changed: "
            + report.dates().size());
    new TreeMap<>(report.rows()).forEach((table, rows) -> line(out, table, rows, "rows"));
  }

  static void line(PrintStream out, String what, long count, String words) {
    out.println(String.format(Locale.ROOT, "  %-32s %,14d  %s", what, count, words));
  }

  public static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
