package clicklake.transforms.gold.refresh;

import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.PartitionFiles;
import clicklake.transforms.gold.table.EventRows;
import clicklake.transforms.gold.table.SilverEvent;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the rows of an append-only table, at least one file a date. */
final class EventRowFiles implements AutoCloseable {
  private final EventRows definition;
  private final PartitionFiles files;
  private final List<DataFile> written = new ArrayList<>();
  private long day;
  private PartitionFiles.@Nullable OpenFile open;

  EventRowFiles(EventRows definition, PartitionFiles files) {
    this.definition = definition;
    this.files = files;
  }

  /** Path of the table. */
  String table() {
    return definition.table().path();
  }

  /** Adds an event. Those of one day are best added one after the other: each change is a file. */
  void add(SilverEvent event) {
    definition.emitRow(event, file(event.day()));
  }

  private PartitionFiles.OpenFile file(long wanted) {
    PartitionFiles.OpenFile file = open;
    if (file == null || wanted != day) {
      finishOpen();
      file = files.open(definition.table().schema(), LocalDate.ofEpochDay(wanted));
      open = file;
      day = wanted;
    }
    return file;
  }

  private void finishOpen() {
    PartitionFiles.OpenFile file = open;
    if (file != null) {
      written.add(file.finish());
      open = null;
    }
  }

  /** The files, with all events that were added. */
  List<DataFile> finish() {
    finishOpen();
    return List.copyOf(written);
  }

  /** Gives up what was not finished. */
  @Override
  public void close() {
    PartitionFiles.OpenFile file = open;
    open = null;
    if (file != null) {
      file.close();
    }
  }
}
