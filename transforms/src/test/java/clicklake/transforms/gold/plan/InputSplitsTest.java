package clicklake.transforms.gold.plan;

import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.batch.DataFile;
import clicklake.transforms.gold.daily.PageDays;
import clicklake.transforms.gold.daily.UserDays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InputSplitsTest {
  private static final String SILVER = "silver/events";
  private static final String PAGE_DAYS = PageDays.TABLE.path();
  private static final String USER_DAYS = UserDays.TABLE.path();

  private final InputSplits splits = new InputSplits();

  private static DataFile file(String date, String name, long megabytes) {
    return new DataFile("event_date=" + date + "/" + name, megabytes << 20, 1, date, "");
  }

  @Test
  void filesThatTheSameTablesReceiveAreReadTogetherByDate() {
    DataFile late = file("2024-03-02", "a", 1);
    DataFile early = file("2024-03-01", "b", 1);
    DataFile ofUsers = file("2024-03-01", "c", 1);
    for (DataFile file : List.of(late, early)) {
      splits.feed(file, PageDays.TABLE);
      splits.feed(file, UserDays.TABLE);
    }
    splits.feed(ofUsers, UserDays.TABLE);

    assertThat(splits.build())
        .containsExactly(
            new InputSplit(SILVER, Set.of(PAGE_DAYS, USER_DAYS), List.of(early, late)),
            new InputSplit(SILVER, Set.of(USER_DAYS), List.of(ofUsers)));
  }

  @Test
  void aSplitEndsWithTheFileThatFillsIt() {
    DataFile first = file("2024-03-01", "a", 31);
    DataFile second = file("2024-03-01", "b", 31);
    DataFile third = file("2024-03-01", "c", 1);
    List.of(first, second, third).forEach(file -> splits.feed(file, PageDays.TABLE));

    assertThat(splits.build())
        .extracting(InputSplit::files)
        .containsExactly(List.of(first, second), List.of(third));
  }

  @Test
  void existingFilesOfGoldComeFirst() {
    DataFile events = file("2024-03-01", "a", 1);
    DataFile pages = file("2024-03-01", "b", 1);
    splits.feed(events, PageDays.TABLE);
    splits.merge(PageDays.TABLE, List.of(pages));

    assertThat(splits.build())
        .containsExactly(
            new InputSplit(PAGE_DAYS, Set.of(), List.of(pages)),
            new InputSplit(SILVER, Set.of(PAGE_DAYS), List.of(events)));
  }
}
