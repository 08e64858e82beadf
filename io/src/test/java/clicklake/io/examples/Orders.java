package clicklake.io.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import clicklake.io.commit.LakeCommitter;
import clicklake.io.commit.RecordsCommitter;
import clicklake.io.lake.DeltaTables;
import clicklake.io.lake.EventLake;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.batch.Proposal;
import clicklake.schemas.batch.RawBatch;
import clicklake.schemas.contract.Reject;
import clicklake.schemas.contract.RejectReason;
import clicklake.schemas.lake.LakeCoverage;
import clicklake.schemas.lake.LakeCoverage.BronzeRecord;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.LakeWriters;
import clicklake.schemas.offset.Coverage;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.Column.Type;
import clicklake.schemas.table.Feed;
import clicklake.schemas.table.TableSchema;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How to add a second dataset, by example: orders, which have a bronze, a silver and a quarantine
 * of their own beside those of the events.
 *
 * <p>A record is {@code <order id> <amount>}. Bronze and quarantine come with the feed. Silver has
 * an order for each valid record, at the record's position, so that the committer that knows
 * positions alone is enough: what a position gave is in silver once.
 */
final class Orders {
  /** The tables of orders. */
  static final Feed FEED =
      Feed.of(
          "orders",
          new TableSchema(
              "silver/orders",
              "Every order, once",
              Stream.concat(
                      Stream.of(
                          new Column("order_id", Type.STRING, false, false, "id of the order"),
                          new Column("amount", Type.LONG, false, true, "what it costs, in cents")),
                      Feed.POSITION.stream())
                  .toList(),
              "order_date"));

  private static final int MOST_BYTES = 1 << 20;

  private final LakeLocation location;
  private final EventLake lake;

  Orders(LakeLocation location) {
    this.location = location;
    this.lake = EventLake.at(location, FEED);
  }

  EventLake lake() {
    return lake;
  }

  private static boolean isOrder(byte[] value) {
    return new String(value, UTF_8).matches("\\w+ \\d{1,18}");
  }

  /**
   * Lands a batch of records in bronze, and those that are no orders in quarantine. Positions
   * without a record are covered in both bronze and silver.
   */
  void land(RawBatch batch) {
    LakeWriters writers = lake.writers("orders-1");
    List<Proposal> proposals = new ArrayList<>();
    try (LakeWriters.Records records = writers.openRecords();
        LakeWriters.Rejects rejects = writers.openRejects()) {
      OffsetRanges.Builder present = OffsetRanges.builder();
      for (RawBatch.Cursor record = batch.cursor(); record.next(); ) {
        records.write(batch.partition(), record);
        present.add(record.offset());
        int start = record.valueStart();
        byte[] value = Arrays.copyOfRange(record.bytes(), start, start + record.valueLength());
        if (!isOrder(value)) {
          rejects.write(batch.partition(), record, new Reject(RejectReason.NOT_JSON, null, "[]"));
        }
      }
      OffsetRanges holes = OffsetRanges.of(batch.from(), batch.to()).minus(present.build());
      records.cover(batch.partition(), holes);
      rejects.cover(batch.partition(), holes);
      proposals.addAll(records.finish());
      proposals.addAll(rejects.finish());
    }
    new LakeCommitter(lake.tables(), Clock.systemUTC(), Duration.ZERO, "orders-1", 1000, null)
        .commit(proposals);
    lake.tables().publishing().await();
  }

  /** Brings into silver what bronze holds of a partition and silver does not cover. */
  void refresh(SourcePartition partition) {
    LakeCoverage coverage = lake.coverage();
    LakeCoverage.View view = coverage.read();
    OffsetRanges open =
        view.bronze()
            .getOrDefault(partition, OffsetRanges.empty())
            .minus(view.silver().getOrDefault(partition, OffsetRanges.empty()));
    Map<LocalDate, List<BronzeRecord>> byDate = new TreeMap<>();
    for (BronzeRecord record : coverage.bronzeRecords(partition, open, MOST_BYTES).records()) {
      LocalDate date =
          Instant.ofEpochMilli(record.arrivalMillis()).atZone(ZoneOffset.UTC).toLocalDate();
      byDate.computeIfAbsent(date, first -> new ArrayList<>()).add(record);
    }
    List<Proposal> proposals = new ArrayList<>();
    byDate.forEach((date, records) -> proposals.add(write(partition, date, records)));
    new RecordsCommitter(
            lake.tables().silver(),
            Clock.systemUTC(),
            Integer.MAX_VALUE,
            () -> finished -> true,
            lake.tables().landed(),
            lake.tables().holes())
        .commit(proposals, new ArrayList<>());
  }

  private Proposal write(SourcePartition partition, LocalDate date, List<BronzeRecord> records) {
    OffsetRanges.Builder positions = OffsetRanges.builder();
    DataFile file =
        DeltaTables.at(location)
            .writer(Clock.systemUTC())
            .write(
                FEED.silver(),
                date,
                rows -> {
                  for (BronzeRecord record : records) {
                    String[] words = new String(record.value(), UTF_8).split(" ");
                    rows.row(
                        words[0],
                        Long.parseLong(words[1]),
                        partition.source(),
                        partition.number(),
                        record.offset(),
                        record.arrivalMillis() * 1000);
                    positions.add(record.offset());
                  }
                });
    OffsetRanges covered = positions.build();
    return Proposal.of(
        Proposal.Kind.RECORDS,
        file,
        Clock.systemUTC().millis(),
        List.of(new Coverage(partition, covered, covered.size())),
        Map.of(),
        "",
        -1);
  }
}
