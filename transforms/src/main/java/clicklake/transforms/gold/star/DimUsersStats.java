package clicklake.transforms.gold.star;

import static clicklake.transforms.gold.table.GoldColumns.FIRST_SEEN;
import static clicklake.transforms.gold.table.GoldColumns.LAST_SEEN;
import static clicklake.transforms.gold.table.GoldColumns.filled;
import static clicklake.transforms.gold.table.GoldColumns.number;
import static clicklake.transforms.gold.table.GoldColumns.schema;

import clicklake.schemas.lake.RowSink;
import clicklake.schemas.lake.TableReader;
import clicklake.schemas.table.Column.Type;
import clicklake.transforms.gold.table.Accumulators;
import clicklake.transforms.gold.table.Aggregation;
import clicklake.transforms.gold.table.CodePoints;
import clicklake.transforms.gold.table.GoldFailures;
import clicklake.transforms.gold.table.GoldTable;
import clicklake.transforms.gold.table.SilverEvent;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** {@link #TABLE}: what is known of each user. */
public final class DimUsersStats extends Aggregation<String, DimUsersStats.Figures> {
  /** What is known of each user from events. */
  public static final GoldTable TABLE =
      GoldTable.ofAny(
          schema(
              "dim_users_stats",
              "Every user with an event",
              null,
              filled("user_id", Type.STRING, "the user"),
              number("events", "unique events"),
              number("purchases", "events with action purchase"),
              number("sources", "number of distinct sources; a missing one is none"),
              FIRST_SEEN,
              LAST_SEEN,
              filled("source_names", Type.STRING, "these sources, a JSON array in order")));

  private static final int USER = TABLE.index("user_id");
  private static final int EVENTS = TABLE.index("events");
  private static final int PURCHASES = TABLE.index("purchases");
  private static final int FIRST = TABLE.index(FIRST_SEEN.name());
  private static final int LAST = TABLE.index(LAST_SEEN.name());
  private static final int SOURCES = TABLE.index("source_names");

  private static final JsonFactory JSON = new JsonFactory();

  /** Figures of a user. */
  public static final class Figures {
    private final TreeSet<String> sources = new TreeSet<>(CodePoints.ORDER);
    private final Activity activity = new Activity();
    private long purchases;
  }

  public DimUsersStats() {
    super(TABLE);
  }

  @Override
  public List<String> reads() {
    return List.of("event_time", "user_id", "action", "source");
  }

  @Override
  public Figures createAccumulator() {
    return new Figures();
  }

  @Override
  public void add(SilverEvent event, Accumulators<String, Figures> accumulators) {
    Figures figures = accumulators.at(event.userId());
    figures.activity.addEvent(event.micros());
    figures.purchases += event.isPurchase() ? 1 : 0;
    String source = event.source();
    if (source != null) {
      figures.sources.add(source);
    }
  }

  @Override
  public void add(TableReader.Row row, long day, Accumulators<String, Figures> accumulators) {
    Figures figures = accumulators.at(row.textAt(USER));
    figures.activity.add(row.longAt(EVENTS), row.longAt(FIRST), row.longAt(LAST));
    figures.purchases += row.longAt(PURCHASES);
    figures.sources.addAll(names(row.textAt(SOURCES)));
  }

  @Override
  public void emitRows(String user, Figures figures, RowSink out) {
    out.row(
        user,
        figures.activity.events(),
        figures.purchases,
        (long) figures.sources.size(),
        figures.activity.firstSeen(),
        figures.activity.lastSeen(),
        json(figures.sources));
  }

  private static String json(Collection<String> names) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartArray();
      for (String name : names) {
        json.writeString(name);
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException("texts are always JSON", e);
    }
    return text.toString();
  }

  private static List<String> names(String text) {
    List<String> names = new ArrayList<>();
    try (JsonParser json = JSON.createParser(text)) {
      json.nextToken();
      for (String name = json.nextTextValue(); name != null; name = json.nextTextValue()) {
        names.add(name);
      }
    } catch (IOException e) {
      throw GoldFailures.notNames(TABLE, "source_names", e);
    }
    return names;
  }

  @Override
  public boolean bucketed() {
    return true;
  }
}
