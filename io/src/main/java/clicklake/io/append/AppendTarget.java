package clicklake.io.append;

import clicklake.io.delta.KernelTableLog;
import clicklake.io.ledger.LedgerTable;
import clicklake.io.parquet.AvroFile;
import clicklake.io.parquet.ParquetSettings;
import clicklake.io.parquet.ParquetTableFiles;
import clicklake.io.storage.LakeStorage;
import clicklake.schemas.lake.LakeLocation;
import clicklake.schemas.lake.OpenLakes;
import clicklake.schemas.table.Column;
import clicklake.schemas.table.TableSchema;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * The table that {@link DeltaIO} appends to.
 *
 * <p>Its files hold, beside the table's columns, the position of every row, which no reader of the
 * table sees: the committer needs it to leave out rows that another commit has covered meanwhile.
 *
 * @param lake where the lake lies
 * @param path the table below it
 * @param schema of the user's records
 * @param partitionColumn the date that partitions the table; null for none
 */
record AppendTarget(LakeLocation lake, String path, Schema schema, @Nullable String partitionColumn)
    implements Serializable {
  private static final List<String> POSITION =
      List.of("_source", "_partition", "_offset", "_ingested_at");

  AppendTarget {
    TableSchema unused = AvroFile.table(path, "", schema, partitionColumn);
    for (String name : POSITION) {
      if (schema.getField(name) != null) {
        throw new IllegalArgumentException(
            path + ": a field must not be called " + name + "; files keep positions under it");
      }
    }
  }

  /** The table, shared by all that work on it in this process. */
  LedgerTable table() {
    return OpenLakes.of(
        lake,
        LedgerTable.class,
        this,
        () ->
            new LedgerTable(
                new KernelTableLog(LakeStorage.of(lake), lake.root(), tableSchema()),
                new ParquetTableFiles(
                    LakeStorage.of(lake), lake.root(), fileSchema(), ParquetSettings.DEFAULT),
                LakeStorage.of(lake).calls()));
  }

  private TableSchema tableSchema() {
    String comment = schema.getDoc() == null ? schema.getName() : schema.getDoc();
    return AvroFile.table(path, comment, schema, partitionColumn);
  }

  /** What files hold: positions, of which the log keeps no statistics, and the table's columns. */
  TableSchema fileSchema() {
    TableSchema whole = AvroFile.table(path, "", recordSchema(), partitionColumn);
    List<Column> columns = new ArrayList<>();
    for (Column column : whole.columns()) {
      columns.add(
          POSITION.contains(column.name())
              ? new Column(column.name(), column.type(), false, false, "")
              : column);
    }
    return new TableSchema(path, "", columns, partitionColumn);
  }

  /** The user's schema with positions. */
  Schema recordSchema() {
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : schema.getFields()) {
      fields.add(new Schema.Field(field.name(), field.schema(), field.doc()));
    }
    Schema time = LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
    fields.add(new Schema.Field("_source", Schema.create(Schema.Type.STRING)));
    fields.add(new Schema.Field("_partition", Schema.create(Schema.Type.INT)));
    fields.add(new Schema.Field("_offset", Schema.create(Schema.Type.LONG)));
    fields.add(new Schema.Field("_ingested_at", time));
    return Schema.createRecord(
        schema.getName(), schema.getDoc(), schema.getNamespace(), false, fields);
  }

  /** A record with its position. */
  GenericRecord positioned(
      Schema recordSchema, PositionedRecords from, PositionedRecords.Positioned each) {
    requireSchema(each.record().getSchema());
    GenericRecord record = new GenericData.Record(recordSchema);
    int fields = schema.getFields().size();
    for (int i = 0; i < fields; i++) {
      record.put(i, each.record().get(i));
    }
    record.put(fields, from.partition().source());
    record.put(fields + 1, from.partition().number());
    record.put(fields + 2, each.position());
    record.put(fields + 3, 0L);
    return record;
  }

  /**
   * @throws IllegalArgumentException if records of that schema are not for this table
   */
  void requireSchema(Schema found) {
    if (!found.equals(schema)) {
      throw new IllegalArgumentException(
          path + ": records have schema " + found + ", the table takes " + schema);
    }
  }
}
