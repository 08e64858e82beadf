package clicklake.transforms.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.contract.Action;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.lake.TableReaders;
import clicklake.schemas.table.Column;
import clicklake.transforms.gold.minute.LateUsersPerMinute;
import clicklake.transforms.gold.minute.LiveActiveUsersPerMinute;
import clicklake.transforms.gold.minute.LiveEventsPerMinute;
import clicklake.transforms.gold.minute.UserSketch;
import clicklake.transforms.live.LiveTable.LiveFigure;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

/** Panes by the second, with a clock and a watermark that stand where they are put. */
class LiveMetricsTest {
  private static final Instant MINUTE = Instant.parse("2026-03-01T10:00:00Z");
  private static final Instant END = MINUTE.plus(60_000);
  private static final long MICROS = MINUTE.getMillis() * 1000;
  private static final Duration LATENESS = Duration.ofMinutes(2);
  private static final LiveSettings SETTINGS =
      new LiveSettings(
          LATENESS,
          Duration.ofSeconds(20),
          Clock.fixed(java.time.Instant.ofEpochMilli(END.getMillis() + 30_000), ZoneOffset.UTC));
  private static final org.joda.time.Duration SECOND = org.joda.time.Duration.standardSeconds(1);

  private static final SilverMinutes NOTHING = new SilverMinutes(new FixedRows(), -1, Map.of());

  private static MinuteFigures views(int number, String... users) {
    MinuteFigures figures = new MinuteFigures(MICROS);
    figures.addEvents(Action.VIEW, number, 0);
    for (String user : users) {
      figures.addUser(user.getBytes(UTF_8));
    }
    return figures;
  }

  private static TestStream.Builder<MinuteFigures> begin() {
    return TestStream.create(MinuteFigures.FiguresCoder.of()).advanceWatermarkTo(MINUTE);
  }

  private static TimestampedValue<MinuteFigures> at(MinuteFigures figures) {
    return TimestampedValue.of(figures, new Instant(figures.minute() / 1000));
  }

  private static LiveRow row(int views, String timing, long pane) {
    return row(views, timing, -1, pane);
  }

  private static LiveRow row(int views, String timing, long silver, long pane) {
    return new LiveRow(
        new LiveFigure(LiveTable.EVENTS, "view", views, 0),
        MICROS,
        timing,
        silver,
        RowVersion.ofPane(0, silver, pane));
  }

  private static void require(
      TestStream<MinuteFigures> stream, SilverMinutes base, LiveTable table, LiveRow... rows) {
    Pipeline pipeline =
        Pipeline.create(PipelineOptionsFactory.fromArgs("--runner=DirectRunner").create());
    PCollection<LiveRow> all =
        pipeline
            .apply(stream)
            .apply(new LiveMetrics(SETTINGS, base, 0, true))
            .apply(Filter.by(row -> row.figure().table() == table));
    String[] expected = Stream.of(rows).map(LiveRow::toString).toArray(String[]::new);
    PAssert.that(all)
        .satisfies(
            found -> {
              assertThat(found).extracting(LiveRow::toString).containsExactlyInAnyOrder(expected);
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @Test
  void panesAccumulateEarlyOnTimeAndLate() {
    require(
        begin()
            .addElements(at(views(1)))
            .advanceProcessingTime(SECOND.plus(1))
            .addElements(at(views(2)), at(views(4)))
            .advanceProcessingTime(SECOND.plus(1))
            .addElements(at(views(8)))
            .advanceWatermarkTo(END)
            .addElements(at(views(16)))
            .advanceProcessingTime(SECOND.plus(1))
            .advanceWatermarkToInfinity(),
        NOTHING,
        LiveTable.EVENTS,
        row(1, "early", 0),
        row(7, "early", 1),
        row(15, "on_time", 2),
        row(31, "late", 3));
  }

  @Test
  void aWindowWithoutNewsFiresNoPaneAtItsEnd() {
    require(
        begin()
            .addElements(at(views(1)))
            .advanceProcessingTime(SECOND.plus(1))
            .advanceWatermarkTo(END)
            .advanceWatermarkToInfinity(),
        NOTHING,
        LiveTable.EVENTS,
        row(1, "early", 0));
    require(begin().advanceWatermarkToInfinity(), NOTHING, LiveTable.EVENTS);
  }

  @Test
  void anEventAtTheEdgeOfTheAllowedLatenessCountsAndOneBehindItDoesNot() {
    Instant edge = END.plus(LATENESS.toMillis());
    require(
        begin()
            .addElements(at(views(1)))
            .advanceWatermarkTo(edge.minus(1))
            .addElements(at(views(2)))
            .advanceProcessingTime(SECOND.plus(1))
            .advanceWatermarkTo(edge)
            .addElements(at(views(4)))
            .advanceProcessingTime(SECOND.plus(1))
            .advanceWatermarkToInfinity(),
        NOTHING,
        LiveTable.EVENTS,
        row(1, "on_time", 0),
        row(3, "late", 1));
  }

  @Test
  void lateEventsThatNoPaneHasShownYetAreShownWhenTheWindowIsOver() {
    require(
        begin()
            .advanceWatermarkTo(END)
            .addElements(at(views(1)))
            .advanceWatermarkTo(END.plus(LATENESS.toMillis()))
            .advanceWatermarkToInfinity(),
        NOTHING,
        LiveTable.EVENTS,
        row(1, "late", 0));
  }

  @Test
  void aRunThatBeginsInTheMiddleOfAWindowAddsToWhatSilverHas() {
    SilverMinutes base =
        new SilverMinutes(
            new FixedRows(),
            41,
            Map.of(
                LiveEventsPerMinute.TABLE.path(),
                List.of(FixedRows.FILE),
                LiveActiveUsersPerMinute.TABLE.path(),
                List.of(FixedRows.FILE),
                LateUsersPerMinute.TABLE.path(),
                List.of(FixedRows.FILE)));
    TestStream<MinuteFigures> stream =
        begin()
            .addElements(at(views(1, "ann", "cid")))
            .advanceProcessingTime(SECOND.plus(1))
            .advanceWatermarkToInfinity();
    // Silver has ten views, three of them too late, of ann and bob and, too late, of dan.
    require(
        stream,
        base,
        LiveTable.EVENTS,
        new LiveRow(
            new LiveFigure(LiveTable.EVENTS, "view", 11, 3),
            MICROS,
            "early",
            41,
            RowVersion.ofPane(0, 41, 0)));
    require(
        stream,
        base,
        LiveTable.USERS,
        new LiveRow(
            new LiveFigure(LiveTable.USERS, "", 4, 0),
            MICROS,
            "early",
            41,
            RowVersion.ofPane(0, 41, 0)));
  }

  @Test
  void sessionsAreUsersOfHalfAnHour() {
    MinuteFigures longAgo = new MinuteFigures(MICROS - 30 * 60_000_000L);
    longAgo.addUser("old".getBytes(UTF_8));
    MinuteFigures justInTime = new MinuteFigures(MICROS - 29 * 60_000_000L);
    justInTime.addUser("eve".getBytes(UTF_8));
    TestStream<MinuteFigures> stream =
        TestStream.create(MinuteFigures.FiguresCoder.of())
            .advanceWatermarkTo(new Instant(longAgo.minute() / 1000))
            .addElements(at(longAgo), at(justInTime), at(views(2, "ann", "bob")))
            .advanceWatermarkToInfinity();
    Pipeline pipeline =
        Pipeline.create(PipelineOptionsFactory.fromArgs("--runner=DirectRunner").create());
    PCollection<LiveRow> all =
        pipeline
            .apply(stream)
            .apply(new LiveMetrics(SETTINGS, NOTHING, 0, true))
            .apply(
                Filter.by(
                    row -> row.figure().table() == LiveTable.SESSIONS && row.minute() == MICROS));
    PAssert.that(all)
        .satisfies(
            rows -> {
              assertThat(StreamSupport.stream(rows.spliterator(), false))
                  .extracting(row -> row.figure().figure())
                  .last()
                  .isEqualTo(3L);
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  /** A live table's file as silver's figures of the minute. */
  private static final class FixedRows implements TableReaders {
    private static final long serialVersionUID = 1L;
    static final DataFile FILE = new DataFile("file", 1, 1, "2026-03-01", "");

    @Override
    public TableReader of(String table) {
      return new TableReader() {
        private static final long serialVersionUID = 1L;

        @Override
        public void read(DataFile file, List<Column> columns, Visitor visitor) {
          visitor.row(new FixedRow(table, columns.stream().map(Column::name).toList()));
        }
      };
    }

    private record FixedRow(String table, List<String> names) implements TableReader.Row {
      @Override
      public boolean isNull(int column) {
        return false;
      }

      @Override
      public int intAt(int column) {
        throw new IllegalArgumentException(names.get(column));
      }

      @Override
      public long longAt(int column) {
        return switch (names.get(column)) {
          case "window_start" -> MICROS;
          case "event_count" -> 7;
          case "too_late" -> 3;
          default -> throw new IllegalArgumentException(names.get(column));
        };
      }

      @Override
      public double doubleAt(int column) {
        throw new IllegalArgumentException(names.get(column));
      }

      @Override
      public boolean booleanAt(int column) {
        throw new IllegalArgumentException(names.get(column));
      }

      @Override
      public String textAt(int column) {
        return "view";
      }

      @Override
      public byte[] bytesAt(int column) {
        UserSketch users = UserSketch.empty();
        boolean late = table.equals(LateUsersPerMinute.TABLE.path());
        for (String user : late ? List.of("dan") : List.of("ann", "bob")) {
          users.add(user.getBytes(UTF_8));
        }
        return users.toBytes();
      }
    }
  }
}
