package clicklake.bench.flink;

import clicklake.bench.events.Event;





import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** The slices and the typed fields, without the line. */
public final class EventSerializer extends TypeSerializerSingleton<Event> {
  private static final long serialVersionUID = 1L;

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public Event createInstance() {
    return new Event();
  }

  @Override
  public Event copy(Event event) {
    return event; // objects are reused, and nobody keeps one
  }

  @Override
  public Event copy(Event event, Event reuse) {
    return event;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(Event event, DataOutputView out) throws IOException {
    int total = 0;
    for (int length : event.lengths) {
      out.writeShort(length);
      total += Math.max(0, length);
    }
    out.writeInt(total);
    for (int i = 0; i < Event.FIELDS; i++) {
      if (event.lengths[i] > 0) {
        out.write(event.texts, event.starts[i], event.lengths[i]);
      }
    }
    out.writeInt(event.version);
    out.writeBoolean(event.hasPrice);
    out.writeDouble(event.price);
    out.writeLong(event.micros);
    out.writeByte(event.action);
    out.writeLong(event.idHigh);
    out.writeLong(event.idLow);
    out.writeInt(event.rescuedLength);
    if (event.rescuedLength > 0) {
      out.write(event.rescued, 0, event.rescuedLength);
    }
  }

  @Override
  public Event deserialize(DataInputView in) throws IOException {
    return deserialize(new Event(), in);
  }

  @Override
  public Event deserialize(Event event, DataInputView in) throws IOException {
    event.reason = null;
    int at = 0;
    for (int i = 0; i < Event.FIELDS; i++) {
      event.lengths[i] = in.readShort();
      event.starts[i] = at;
      at += Math.max(0, event.lengths[i]);
    }
    int total = in.readInt();
    if (event.texts == null || event.texts.length < total + Event.PADDING) {
      event.texts = new byte[Math.max(512, total + Event.PADDING)];
    }
    in.readFully(event.texts, 0, total);
    event.version = in.readInt();
    event.hasPrice = in.readBoolean();
    event.price = in.readDouble();
    event.micros = in.readLong();
    event.action = in.readByte();
    event.idHigh = in.readLong();
    event.idLow = in.readLong();
    event.rescuedLength = in.readInt();
    if (event.rescuedLength > 0) {
      if (event.rescued == null || event.rescued.length < event.rescuedLength) {
        event.rescued = new byte[Math.max(128, event.rescuedLength)];
      }
      in.readFully(event.rescued, 0, event.rescuedLength);
    }
    return event;
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  @Override
  public TypeSerializerSnapshot<Event> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Of a serializer without configuration. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<Event> {
    public Snapshot() {
      super(EventSerializer::new);
    }
  }
}
