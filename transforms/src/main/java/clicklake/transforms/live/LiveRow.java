package clicklake.transforms.live;

import clicklake.transforms.gold.table.SilverEvent;
import clicklake.transforms.live.LiveTable.LiveFigure;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Locale;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;

/**
 * A figure of a minute as a pane tells it, on its way to whoever shows it.
 *
 * @param minute its start, in microseconds since 1970
 * @param timing which pane: early, on_time or late; final for silver's own figure
 * @param silverVersion of the base that the pane is added to, or of the final figure
 * @param version see {@link RowVersion}
 */
public record LiveRow(
    LiveFigure figure, long minute, String timing, long silverVersion, long version) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The timing of silver's own figure. */
  public static final String FINAL = "final";

  /** A pane's row. */
  static LiveRow ofPane(
      LiveFigure figure, long minute, PaneInfo pane, int generation, long silverVersion) {
    return new LiveRow(
        figure,
        minute,
        pane.getTiming().name().toLowerCase(Locale.ROOT),
        silverVersion,
        RowVersion.ofPane(generation, silverVersion, pane.getIndex()));
  }

  /** Silver's own figure. */
  public static LiveRow ofFinal(
      LiveFigure figure, long minute, int generation, long silverVersion) {
    return new LiveRow(
        figure, minute, FINAL, silverVersion, RowVersion.ofFinal(generation, silverVersion));
  }

  public boolean isFinal() {
    return timing.equals(FINAL);
  }

  /** Equal for rows of which the newest counts. */
  public String key() {
    return figure.table().tableName() + "/" + minute + "/" + figure.key();
  }

  /**
   * As subscribers of a topic know the row: {@code events_per_minute/2026-01-01T00:00:00Z/view}.
   */
  public String topicKey() {
    return figure.table().tableName() + "/" + time(minute) + "/" + figure.key();
  }

  /** The row as a JSON object, for subscribers of a topic. */
  public String json() {
    ObjectNode json = JSON.createObjectNode();
    json.put("table", figure.table().tableName());
    json.put("window_start", time(minute).toString());
    json.put("window_end", time(minute + SilverEvent.MICROS_OF_MINUTE).toString());
    if (!figure.table().key().isEmpty()) {
      json.put(figure.table().key(), figure.key());
    }
    json.put("figure", figure.figure());
    json.put("too_late", figure.late());
    json.put("timing", timing);
    json.put("silver_version", silverVersion);
    json.put("version", version);
    return json.toString();
  }

  private static Instant time(long micros) {
    return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L));
  }

  /** Between workers. */
  public static final class RowCoder extends AtomicCoder<LiveRow> {
    private static final long serialVersionUID = 1L;
    private static final RowCoder INSTANCE = new RowCoder();
    private static final LiveTable[] TABLES = LiveTable.values();
    private static final StringUtf8Coder TEXT = StringUtf8Coder.of();

    private RowCoder() {}

    public static RowCoder of() {
      return INSTANCE;
    }

    @Override
    public void encode(LiveRow row, OutputStream stream) throws IOException {
      VarIntCoder.of().encode(row.figure.table().ordinal(), stream);
      TEXT.encode(row.figure.key(), stream);
      DataOutputStream out = new DataOutputStream(stream);
      out.writeLong(row.figure.figure());
      out.writeLong(row.figure.late());
      out.writeLong(row.minute);
      TEXT.encode(row.timing, stream);
      out.writeLong(row.silverVersion);
      out.writeLong(row.version);
    }

    @Override
    public LiveRow decode(InputStream stream) throws IOException {
      LiveTable table = TABLES[VarIntCoder.of().decode(stream)];
      String key = TEXT.decode(stream);
      DataInputStream in = new DataInputStream(stream);
      LiveFigure figure = new LiveFigure(table, key, in.readLong(), in.readLong());
      long minute = in.readLong();
      return new LiveRow(figure, minute, TEXT.decode(stream), in.readLong(), in.readLong());
    }

    @Override
    public void verifyDeterministic() {}
  }
}
