package clicklake.transforms.parse;

import static java.nio.charset.StandardCharsets.UTF_8;

import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.batch.EventRow;
import clicklake.schemas.contract.Action;
import clicklake.schemas.contract.DeviceType;
import clicklake.schemas.contract.TextField;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An event as a value, to compare with. */
public record ParsedEvent(
    UUID id,
    int version,
    long micros,
    Action action,
    @Nullable DeviceType deviceType,
    @Nullable Integer quantity,
    @Nullable Long price,
    Map<TextField, String> texts) {

  static ParsedEvent of(EventRow row) {
    Map<TextField, String> texts = new EnumMap<>(TextField.class);
    for (TextField field : TextField.values()) {
      byte[] array = row.array(field);
      if (array != null) {
        texts.put(field, new String(array, row.start(field), row.length(field), UTF_8));
      }
    }
    return new ParsedEvent(
        new UUID(row.idHigh(), row.idLow()),
        row.schemaVersion(),
        row.eventMicros(),
        row.action(),
        row.deviceType(),
        row.hasQuantity() ? row.quantity() : null,
        row.hasPrice() ? row.price() : null,
        texts);
  }

  static ParsedEvent of(EventBatch.Cursor row) {
    Map<TextField, String> texts = new EnumMap<>(TextField.class);
    for (TextField field : TextField.values()) {
      String text = row.text(field);
      if (text != null) {
        texts.put(field, text);
      }
    }
    return new ParsedEvent(
        new UUID(row.idHigh(), row.idLow()),
        row.schemaVersion(),
        row.eventMicros(),
        row.action(),
        row.deviceType(),
        row.hasQuantity() ? row.quantity() : null,
        row.hasPrice() ? row.price() : null,
        texts);
  }
}
