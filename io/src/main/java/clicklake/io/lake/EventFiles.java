package clicklake.io.lake;

import static java.nio.charset.StandardCharsets.UTF_8;

import clicklake.io.parquet.RowWriter;
import clicklake.io.parquet.Uuids;
import clicklake.schemas.batch.Bytes;
import clicklake.schemas.batch.EventBatch;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.contract.Action;
import clicklake.schemas.contract.DeviceType;
import clicklake.schemas.contract.TextField;
import clicklake.schemas.eventkey.Duplicates;
import clicklake.schemas.lake.LakeWriters;
import clicklake.schemas.lake.SilverIds;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.Feed;
import clicklake.schemas.table.TableSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Files of unique events, for the silver of {@link Feed#EVENTS} alone. */
final class EventFiles extends BundleFiles implements LakeWriters.Events {
  /** So that a proposal stays below the size that {@link BundleFiles} has for its keys. */
  private static final int MOST_DUPLICATES = 250_000;

  private static final Map<Action, byte[]> ACTIONS = new EnumMap<>(Action.class);
  private static final Map<DeviceType, byte[]> DEVICES = new EnumMap<>(DeviceType.class);

  static {
    for (Action action : Action.values()) {
      ACTIONS.put(action, action.text().getBytes(UTF_8));
    }
    for (DeviceType device : DeviceType.values()) {
      DEVICES.put(device, device.text().getBytes(UTF_8));
    }
  }

  private static final TableSchema TABLE = Feed.EVENTS.silver();
  private static final int EVENT_ID = TABLE.index("event_id");
  private static final int SCHEMA_VERSION = TABLE.index("schema_version");
  private static final int EVENT_TIME = TABLE.index("event_time");
  private static final int ACTION = TABLE.index("action");
  private static final int DEVICE_TYPE = TABLE.index("device_type");
  private static final int QUANTITY = TABLE.index("quantity");
  private static final int PRICE = TABLE.index("price");
  private static final int SOURCE = TABLE.index("_source");
  private static final int PARTITION = TABLE.index("_partition");
  private static final int OFFSET = TABLE.index("_offset");
  private static final int INGESTED_AT = TABLE.index("_ingested_at");
  private static final int PROCESSED_AT = TABLE.index("_processed_at");
  private static final int DIGEST = TABLE.index("_digest");
  private static final TextField[] TEXTS = TextField.values();

  /** The column of each of {@link #TEXTS}. */
  private static final int[] TEXT_COLUMNS =
      Arrays.stream(TEXTS).mapToInt(field -> TABLE.index(field.column())).toArray();

  private static final long MICROS_OF_DAY = 86_400_000_000L;

  private final SourceNames sources = new SourceNames();
  private final byte[] id = new byte[Uuids.LENGTH];
  private final List<Duplicates> pieces = new ArrayList<>();
  private Duplicates.Builder duplicates = Duplicates.builder();
  private boolean asOfAny;

  EventFiles(Settings settings) {
    super(settings, Proposal.Kind.EVENTS, TABLE);
  }

  @Override
  public void write(EventBatch.Cursor event, boolean conflicting) {
    long day = Math.floorDiv(event.eventMicros(), MICROS_OF_DAY);
    OpenFile file = fileIfOpen(day);
    if (file != null) {
      write(file, event, conflicting);
      return;
    }
    Bytes row = beginWaiting(day, event.partition());
    row.putByte(conflicting ? 1 : 0);
    event.copyTo(row);
    endWaiting();
  }

  @Override
  void write(OpenFile file, SourcePartition partition, byte[] array, int at) {
    write(file, EventBatch.copyAt(partition, array, at + 1), array[at] != 0);
  }

  private void write(OpenFile file, EventBatch.Cursor event, boolean conflicting) {
    long micros = event.eventMicros();
    RowWriter rows = file.rows;
    SourcePartition partition = event.partition();
    Uuids.format(event.idHigh(), event.idLow(), id);
    rows.putBytes(EVENT_ID, id, 0, Uuids.LENGTH);
    rows.putInt(SCHEMA_VERSION, event.schemaVersion());
    rows.putLong(EVENT_TIME, micros);
    rows.putBytes(ACTION, ACTIONS.get(event.action()));
    DeviceType device = event.deviceType();
    if (device == null) {
      rows.putNull(DEVICE_TYPE);
    } else {
      rows.putBytes(DEVICE_TYPE, DEVICES.get(device));
    }
    byte[] bytes = event.bytes();
    for (int slot = 0; slot < TEXTS.length; slot++) {
      TextField field = TEXTS[slot];
      int column = TEXT_COLUMNS[slot];
      if (event.has(field)) {
        rows.putBytes(column, bytes, event.start(field), event.length(field));
      } else {
        rows.putNull(column);
      }
    }
    if (event.hasQuantity()) {
      rows.putInt(QUANTITY, event.quantity());
    } else {
      rows.putNull(QUANTITY);
    }
    if (event.hasPrice()) {
      rows.putLong(PRICE, event.price());
    } else {
      rows.putNull(PRICE);
    }
    rows.putBytes(SOURCE, sources.of(partition.source()));
    rows.putInt(PARTITION, partition.number());
    rows.putLong(OFFSET, event.offset());
    rows.putLong(INGESTED_AT, Arrivals.micros(event.arrivalMillis()));
    rows.putLong(PROCESSED_AT, createdAtMillis() * 1000);
    rows.putLong(DIGEST, event.digest());
    if (conflicting) {
      file.conflicting.add(file.keys.size());
    }
    rows.endRow();
    file.keys.add(event.idHigh(), event.idLow(), micros);
    file.covered.row(partition, event.offset());
  }

  @Override
  public void duplicate(EventBatch.Cursor event, boolean originalInSilver, boolean conflict) {
    if (duplicates.size() == MOST_DUPLICATES) {
      pieces.add(duplicates.build());
      duplicates = Duplicates.builder();
    }
    duplicates.add(
        event.partition(),
        event.offset(),
        event.idHigh(),
        event.idLow(),
        event.eventMicros(),
        originalInSilver,
        conflict);
  }

  @Override
  public void asOf(SilverIds.Version version) {
    if (!asOfAny || version.number() < asOf) {
      asOf = version.number();
      tableId = version.tableId();
    }
    asOfAny = true;
  }

  @Override
  List<Duplicates> duplicates() {
    if (duplicates.size() > 0) {
      pieces.add(duplicates.build());
    }
    return pieces;
  }
}
