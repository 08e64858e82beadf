package clicklake.io.append;

import clicklake.io.parquet.AvroFile;
import clicklake.io.parquet.ParquetSettings;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.offset.Coverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.TableSchema;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.jspecify.annotations.Nullable;

/** Writes the records of a bundle into one file for each date, and proposes them. */
final class WriteRecordsFn extends DoFn<PositionedRecords, Proposal> {
  private static final long serialVersionUID = 1L;

  /** Files open at once; beyond, the one that was idle longest is closed. */
  private static final int OPEN = 64;

  private final AppendTarget target;
  private transient @Nullable Bundle bundle;

  WriteRecordsFn(AppendTarget target) {
    this.target = target;
  }

  @StartBundle
  public void startBundle() {
    // One that failed leaves files behind that were not proposed.
    teardown();
    bundle = new Bundle(target);
  }

  @ProcessElement
  public void process(@Element PositionedRecords records) {
    open().add(records);
  }

  @FinishBundle
  public void finishBundle(FinishBundleContext context) {
    for (Proposal file : open().finish()) {
      context.output(file, GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
    }
    bundle = null;
  }

  @Teardown
  public void teardown() {
    Bundle unfinished = bundle;
    if (unfinished != null) {
      unfinished.close();
    }
    bundle = null;
  }

  private Bundle open() {
    Bundle opened = bundle;
    if (opened == null) {
      throw new IllegalStateException("no bundle was started");
    }
    return opened;
  }

  /** The files of one bundle. */
  private static final class Bundle {
    private final AppendTarget target;
    private final TableSchema files;
    private final Schema schema;
    private final long createdAtMillis = Clock.systemUTC().millis();
    private final Map<Optional<LocalDate>, OpenFile> open = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<SourcePartition, OffsetRanges> taken = new HashMap<>();
    private final Map<SourcePartition, OffsetRanges> holes = new HashMap<>();
    private final List<Proposal> finished = new ArrayList<>();

    /** A file and the positions of its rows. */
    private record OpenFile(AvroFile file, Map<SourcePartition, OffsetRanges.Builder> rows) {}

    Bundle(AppendTarget target) {
      this.target = target;
      this.files = target.fileSchema();
      this.schema = target.recordSchema();
    }

    /** Writes what no element before it in the bundle held. */
    void add(PositionedRecords records) {
      SourcePartition partition = records.partition();
      OffsetRanges before = taken.getOrDefault(partition, OffsetRanges.empty());
      OffsetRanges.Builder written = OffsetRanges.builder();
      for (PositionedRecords.Positioned each : records.records()) {
        if (!before.contains(each.position())) {
          write(records, each);
          written.add(each.position());
        }
      }
      OffsetRanges run = OffsetRanges.of(records.from(), records.to());
      taken.put(partition, before.union(run));
      holes.merge(partition, run.minus(before).minus(written.build()), OffsetRanges::union);
    }

    private void write(PositionedRecords records, PositionedRecords.Positioned each) {
      GenericRecord record = target.positioned(schema, records, each);
      Optional<LocalDate> date =
          target.partitionColumn() == null
              ? Optional.empty()
              : Optional.of(AvroFile.date(files, record));
      OpenFile to = open.get(date);
      if (to == null) {
        if (open.size() >= OPEN) {
          Iterator<OpenFile> idle = open.values().iterator();
          finish(idle.next());
          idle.remove();
        }
        to =
            new OpenFile(
                new AvroFile(
                    target.lake(),
                    files,
                    schema,
                    date.orElse(null),
                    createdAtMillis,
                    ParquetSettings.DEFAULT),
                new HashMap<>());
        open.put(date, to);
      }
      to.file().write(record);
      to.rows()
          .computeIfAbsent(records.partition(), partition -> OffsetRanges.builder())
          .add(each.position());
      if (to.file().full()) {
        open.remove(date);
        finish(to);
      }
    }

    private void finish(OpenFile file) {
      List<Coverage> coverage = new ArrayList<>();
      file.rows()
          .forEach(
              (partition, builder) -> {
                OffsetRanges rows = builder.build();
                coverage.add(new Coverage(partition, rows, rows.size()));
              });
      finished.add(proposal(file.file().finish(), coverage));
    }

    private Proposal proposal(@Nullable DataFile content, List<Coverage> coverage) {
      return Proposal.of(
          Proposal.Kind.RECORDS, content, createdAtMillis, coverage, Map.of(), "", -1);
    }

    List<Proposal> finish() {
      open.values().forEach(this::finish);
      open.clear();
      List<Coverage> empty = new ArrayList<>();
      holes.forEach(
          (partition, runs) -> {
            if (!runs.isEmpty()) {
              empty.add(new Coverage(partition, runs, 0));
            }
          });
      if (!empty.isEmpty()) {
        finished.add(proposal(null, empty));
      }
      return finished;
    }

    void close() {
      open.values().forEach(file -> file.file().close());
    }
  }
}
