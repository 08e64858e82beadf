package clicklake.io.append;

import clicklake.schemas.offset.SourcePartition;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.util.VarInt;

/** Coder of {@link PositionedRecords} whose records have one schema. */
public final class PositionedRecordsCoder extends CustomCoder<PositionedRecords> {
  private static final long serialVersionUID = 1L;
  private static final StringUtf8Coder TEXT = StringUtf8Coder.of();

  private final Schema schema;

  private PositionedRecordsCoder(Schema schema) {
    this.schema = schema;
  }

  /** The coder for records of a schema. */
  public static PositionedRecordsCoder of(Schema schema) {
    return new PositionedRecordsCoder(schema);
  }

  Schema schema() {
    return schema;
  }

  @Override
  public void encode(PositionedRecords value, OutputStream out) throws IOException {
    TEXT.encode(value.partition().source(), out);
    VarInt.encode(value.partition().number(), out);
    TEXT.encode(value.partition().identity(), out);
    VarInt.encode(value.from(), out);
    VarInt.encode(value.to(), out);
    VarInt.encode(value.records().size(), out);
    GenericDatumWriter<GenericRecord> writer = new GenericDatumWriter<>(schema);
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    for (PositionedRecords.Positioned each : value.records()) {
      VarInt.encode(each.position(), out);
      writer.write(each.record(), encoder);
    }
  }

  @Override
  public PositionedRecords decode(InputStream in) throws IOException {
    String source = TEXT.decode(in);
    int number = VarInt.decodeInt(in);
    SourcePartition partition = new SourcePartition(source, number, TEXT.decode(in));
    long from = VarInt.decodeLong(in);
    long to = VarInt.decodeLong(in);
    int count = VarInt.decodeInt(in);
    List<PositionedRecords.Positioned> records = new ArrayList<>();
    GenericDatumReader<GenericRecord> reader = new GenericDatumReader<>(schema);
    BinaryDecoder decoder = DecoderFactory.get().directBinaryDecoder(in, null);
    for (int i = 0; i < count; i++) {
      long position = VarInt.decodeLong(in);
      records.add(new PositionedRecords.Positioned(position, reader.read(null, decoder)));
    }
    return new PositionedRecords(partition, from, to, records);
  }

  @Override
  public void verifyDeterministic() throws NonDeterministicException {
    throw new NonDeterministicException(this, "maps in Avro records have no order");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PositionedRecordsCoder coder && coder.schema.equals(schema);
  }

  @Override
  public int hashCode() {
    return schema.hashCode();
  }
}
