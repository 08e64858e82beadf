package clicklake.io.landing.folder;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a landing folder held at one moment: each thing in it is a file to be read, is named as an
 * obstacle, or is counted as left out.
 *
 * @param files every landing file, the oldest first
 * @param obstacles what cannot be read though its name does not leave it out
 * @param leftOut how many things are left out by their names; of a hidden folder only itself counts
 * @param example one of these, null if there is none
 */
public record Listing(
    List<LandingFile> files, List<Obstacle> obstacles, long leftOut, @Nullable String example) {

  public Listing {
    files = List.copyOf(files);
    obstacles = List.copyOf(obstacles);
  }

  /**
   * A thing that cannot be read.
   *
   * @param name its path in the landing folder, fit for a line of a log
   * @param why what keeps it from being read, and the way out
   * @param mayHoldRecords whether records may be behind it
   */
  public record Obstacle(String name, String why, boolean mayHoldRecords) {
    public Obstacle {
      requireNonNull(name, "name");
      requireNonNull(why, "why");
    }
  }
}
