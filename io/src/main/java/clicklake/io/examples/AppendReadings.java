package clicklake.io.examples;

import clicklake.io.append.DeltaIO;
import clicklake.io.append.PositionedRecords;
import clicklake.io.append.PositionedRecords.Positioned;
import clicklake.io.append.PositionedRecordsCoder;
import clicklake.schemas.offset.OffsetRanges;
import clicklake.schemas.offset.SourcePartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;

/**
 * Appends the lines {@code sensor;degrees} of a growing text file to the Delta table {@code
 * readings/raw} of a lake, each line exactly once, however often and in however many copies it is
 * run: {@code AppendReadings FILE LAKE [Beam options]}.
 *
 * <p>The table is the checkpoint: the next run asks it which lines it covers.
 */
public final class AppendReadings {
  private static final String TABLE = "readings/raw";
  private static final Schema READING =
      SchemaBuilder.record("Reading")
          .fields()
          .requiredString("sensor")
          .requiredDouble("degrees")
          .endRecord();

  private AppendReadings() {}

  public static void main(String[] arguments) throws IOException {
    String[] options = List.of(arguments).subList(2, arguments.length).toArray(String[]::new);
    run(
        Path.of(arguments[0]),
        Path.of(arguments[1]),
        PipelineOptionsFactory.fromArgs(options).create());
  }

  /** Appends the lines that the table does not cover yet. */
  static void run(Path file, Path lake, PipelineOptions options) throws IOException {
    String root = lake.toAbsolutePath().toString();
    SourcePartition lines = new SourcePartition(file.getFileName().toString(), 0, "growing file");
    long next = DeltaIO.covered(root, TABLE).getOrDefault(lines, OffsetRanges.empty()).end();

    Pipeline pipeline = Pipeline.create(options);
    pipeline
        .apply(
            "LinesFromNext",
            Create.of(linesFrom(file, lines, next)).withCoder(PositionedRecordsCoder.of(READING)))
        .apply("AppendReadings", DeltaIO.append(root, TABLE, READING));
    pipeline.run().waitUntilFinish();
  }

  private static PositionedRecords linesFrom(Path file, SourcePartition lines, long next)
      throws IOException {
    List<String> all = Files.readAllLines(file);
    List<Positioned> readings = new ArrayList<>();
    for (long line = next; line < all.size(); line++) {
      readings.add(new Positioned(line, reading(all.get((int) line))));
    }
    return new PositionedRecords(lines, next, Math.max(next, all.size()), readings);
  }

  private static GenericRecord reading(String line) {
    int semicolon = line.indexOf(';');
    return new GenericRecordBuilder(READING)
        .set("sensor", line.substring(0, semicolon))
        .set("degrees", Double.valueOf(line.substring(semicolon + 1)))
        .build();
  }
}
