package clicklake.schemas.batch;

import clicklake.schemas.contract.Action;
import clicklake.schemas.contract.DeviceType;
import clicklake.schemas.contract.TextField;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One valid event as the parser leaves it: a reusable value whose strings are slices of other
 * arrays. {@link EventBatch.Builder#add} copies it.
 */
public final class EventRow {
  private long idHigh;
  private long idLow;
  private long eventMicros;
  private int schemaVersion;
  private Action action = Action.VIEW;
  private @Nullable DeviceType deviceType;
  private boolean hasQuantity;
  private int quantity;
  private boolean hasPrice;
  private long price;
  private final byte[] @Nullable [] texts = new byte[TextField.COUNT][];
  private final int[] starts = new int[TextField.COUNT];
  private final int[] lengths = new int[TextField.COUNT];

  /** Makes every optional field absent. */
  public void clear() {
    deviceType = null;
    hasQuantity = false;
    hasPrice = false;
    Arrays.fill(texts, null);
  }

  /** Sets the event id: the UUID's upper and lower 64 bits. */
  public void id(long high, long low) {
    idHigh = high;
    idLow = low;
  }

  public long idHigh() {
    return idHigh;
  }

  public long idLow() {
    return idLow;
  }

  /** Sets the event time, microseconds since 1970. */
  public void eventMicros(long micros) {
    eventMicros = micros;
  }

  public long eventMicros() {
    return eventMicros;
  }

  public void schemaVersion(int version) {
    schemaVersion = version;
  }

  public int schemaVersion() {
    return schemaVersion;
  }

  public void action(Action newAction) {
    action = newAction;
  }

  public Action action() {
    return action;
  }

  public void deviceType(@Nullable DeviceType type) {
    deviceType = type;
  }

  public @Nullable DeviceType deviceType() {
    return deviceType;
  }

  public void quantity(int newQuantity) {
    hasQuantity = true;
    quantity = newQuantity;
  }

  public boolean hasQuantity() {
    return hasQuantity;
  }

  public int quantity() {
    return quantity;
  }

  /** Sets the price in ten-thousandths: decimal(18,4) without its point. */
  public void price(long unscaled) {
    hasPrice = true;
    price = unscaled;
  }

  public boolean hasPrice() {
    return hasPrice;
  }

  public long price() {
    return price;
  }

  /** Sets a string: valid UTF-8 at the given place, which must stay unchanged until copied. */
  public void text(TextField field, byte[] array, int start, int length) {
    int slot = field.ordinal();
    texts[slot] = array;
    starts[slot] = start;
    lengths[slot] = length;
  }

  /** Makes a string absent. */
  public void remove(TextField field) {
    texts[field.ordinal()] = null;
  }

  public boolean has(TextField field) {
    return texts[field.ordinal()] != null;
  }

  /** The array that holds the string, null if the field is absent. */
  public byte @Nullable [] array(TextField field) {
    return texts[field.ordinal()];
  }

  public int start(TextField field) {
    return starts[field.ordinal()];
  }

  public int length(TextField field) {
    return lengths[field.ordinal()];
  }
}
