package clicklake.transforms.gold.examples;

import static clicklake.transforms.gold.table.SilverEvent.MICROS_OF_DAY;
import static org.assertj.core.api.Assertions.assertThat;

import clicklake.schemas.lake.RowBatch;
import clicklake.schemas.table.TableSchema;
import clicklake.transforms.gold.examples.EventsPerCountry.Key;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.Count;
import clicklake.transforms.gold.table.SilverEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventsPerCountryTest {
  private static final long DAY = 20_000;

  private final EventsPerCountry countries = new EventsPerCountry();

  private record Event(long micros, @Nullable String country) {}

  private static Event on(long day, @Nullable String country) {
    return new Event(day * MICROS_OF_DAY + 1, country);
  }

  private void add(List<Event> events, Accumulators<Key, Count> to) {
    SilverEvent event = new SilverEvent(countries.reads());
    TableSchema silver = new TableSchema("silver/events", "", event.columns(), "event_date");
    RowBatch rows = new RowBatch(silver);
    events.forEach(each -> rows.row(each.micros(), each.country()));
    RowBatch.read(
        silver,
        rows.toByteArray(),
        row -> {
          event.at(row);
          countries.add(event, to);
        });
  }

  private byte[] emit(Accumulators<Key, Count> accumulators, long day) {
    RowBatch rows = new RowBatch(EventsPerCountry.TABLE.schema());
    accumulators
        .all()
        .forEach(
            (key, count) -> {
              if (key.day() == day) {
                countries.emitRows(key, count, rows);
              }
            });
    return rows.toByteArray();
  }

  private static List<String> read(byte[] rows) {
    List<String> texts = new ArrayList<>();
    RowBatch.read(
        EventsPerCountry.TABLE.schema(),
        rows,
        row -> texts.add(row.textAt(0) + " " + row.longAt(1)));
    return texts;
  }

  @Test
  void eventsAreCountedByDayAndCountry() {
    Accumulators<Key, Count> counts = new Accumulators<>(countries);

    add(List.of(on(DAY, "DE"), on(DAY, "FR"), on(DAY, "DE"), on(DAY + 1, "DE")), counts);
    add(List.of(on(DAY, null)), counts);

    assertThat(read(emit(counts, DAY))).containsExactlyInAnyOrder("DE 2", "FR 1");
    assertThat(read(emit(counts, DAY + 1))).containsExactly("DE 1");
    assertThat(counts.all().keySet())
        .allMatch(key -> countries.start(key) == key.day() * MICROS_OF_DAY);
  }

  @Test
  void newEventsAreAddedToTheRowsThatAreThere() {
    Accumulators<Key, Count> before = new Accumulators<>(countries);
    add(List.of(on(DAY, "DE"), on(DAY, "FR")), before);
    Accumulators<Key, Count> after = new Accumulators<>(countries);

    add(List.of(on(DAY, "DE")), after);
    RowBatch.read(
        EventsPerCountry.TABLE.schema(), emit(before, DAY), row -> countries.add(row, DAY, after));

    assertThat(read(emit(after, DAY))).containsExactlyInAnyOrder("DE 2", "FR 1");
  }
}
