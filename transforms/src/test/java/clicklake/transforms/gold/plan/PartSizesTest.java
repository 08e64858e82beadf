package clicklake.transforms.gold.plan;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.batch.DataFile;
import clicklake.transforms.gold.minute.EventsPerMinute;
import clicklake.transforms.gold.session.Sessions;
import clicklake.transforms.gold.star.PageUsers;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PartSizesTest {
  private final PartSizes sizes = new PartSizes();

  private static DataFile file(int day, long rows) {
    return new DataFile("f", 1_000, rows, String.format("2024-03-%02d", day), "");
  }

  @Test
  void keysAreSpreadOverMorePartsTheMoreRowsThereAre() {
    sizes.add(PageUsers.TABLE, file(1, 300_000));
    sizes.add(PageUsers.TABLE, file(2, 600_000));
    sizes.add(Sessions.TABLE, file(1, 90_000));

    assertThat(sizes.buckets())
        .isEqualTo(Map.of(PageUsers.TABLE.path(), 3, Sessions.TABLE.path(), 2));
  }

  @Test
  void thereIsAnEndToTheNumberOfParts() {
    sizes.add(PageUsers.TABLE, file(1, 1_000_000_000));

    assertThat(sizes.buckets()).isEqualTo(Map.of(PageUsers.TABLE.path(), 256));
  }

  @Test
  void fewRowsOfManyDaysAreWrittenToWholeDays() {
    for (int day = 1; day <= 5; day++) {
      sizes.add(EventsPerMinute.TABLE, file(day, 1_000));
      sizes.add(Sessions.TABLE, file(day, 50_000));
    }

    assertThat(sizes.wholeDays()).containsExactly(EventsPerMinute.TABLE.path());
  }

  @Test
  void fewDaysAreWrittenByTheHour() {
    for (int day = 1; day <= 4; day++) {
      sizes.add(EventsPerMinute.TABLE, file(day, 1_000));
    }

    assertThat(sizes.wholeDays()).isEmpty();
  }

  @Test
  void rowsAreGuessedWhereStatisticsDoNotSay() {
    assertThat(PartSizes.rows(file(1, -1))).isEqualTo(50);
    assertThat(PartSizes.rows(file(1, 7))).isEqualTo(7);
  }
}
