package clicklake.crash;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import clicklake.io.testing.KafkaBroker;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job is killed on one runner and goes on on another; afterwards every record is in exactly one
 * place, and the tables are those of a lake to which nothing ever happened.
 *
 * <p>A choice of the stories, or all with {@code clicklake.crash.long}. {@code
 * clicklake.crash.seed} repeats the random moments of a run, {@code clicklake.crash.only} is a
 * regular expression for the names of the stories to tell.
 */
@ExtendWith(Tally.class)
class KillStoriesTest {
  private static final long SEED = Long.getLong("clicklake.crash.seed", System.nanoTime());

  @TempDir static Path folder;

  @TestFactory
  Stream<DynamicTest> nothingIsLostAndNothingDoubled() {
    System.out.println("seed of the kill stories: " + SEED);
    List<KillStories.Story> stories = KillStories.all();
    return IntStream.range(0, stories.size())
        .filter(
            number ->
                Form.isLong()
                    || !KillStories.ONLY.pattern().isEmpty()
                    || stories.get(number).inShortForm())
        .filter(number -> KillStories.ONLY.matcher(stories.get(number).name()).find())
        .mapToObj(number -> test(number, stories.get(number)));
  }

  private static DynamicTest test(int number, KillStories.Story story) {
    return dynamicTest(
        story.name(),
        () ->
            story
                .course()
                .accept(
                    new Life(
                        story.name(),
                        KafkaBroker.shared(),
                        folder.resolve("story-" + number),
                        SEED + number)));
  }
}
