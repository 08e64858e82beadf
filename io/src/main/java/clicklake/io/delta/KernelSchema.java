package clicklake.io.delta;

import clicklake.schemas.table.Column;
import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.TableSchema;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FieldMetadata;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import java.util.ArrayList;
import java.util.List;

/** A table's schema as Kernel has it, and whether a table in the storage is of it. */
final class KernelSchema {
  private KernelSchema() {}

  /**
   * Stops at the first difference between a table and what it should be.
   *
   * @throws CorruptTableException if there is one
   */
  static void check(TableSchema schema, String root, SnapshotImpl snapshot) {
    List<String> expected = describe(of(schema));
    List<String> found = describe(snapshot.getSchema());
    for (int i = 0; i < Math.max(expected.size(), found.size()); i++) {
      String want = i < expected.size() ? expected.get(i) : "no further column";
      String have = i < found.size() ? found.get(i) : "no further column";
      if (!want.equals(have)) {
        throw otherTable(
            schema, root, "column " + (i + 1) + " is " + have + " where Clicklake writes " + want);
      }
    }
    List<String> partitionedBy =
        schema.partitionColumn() == null ? List.of() : List.of(schema.partitionColumn());
    if (!snapshot.getPartitionColumnNames().equals(partitionedBy)) {
      throw otherTable(
          schema,
          root,
          "it is partitioned by "
              + snapshot.getPartitionColumnNames()
              + " where Clicklake partitions by "
              + partitionedBy);
    }
    if (!"none"
        .equals(snapshot.getTableProperties().getOrDefault("delta.columnMapping.mode", "none"))) {
      throw otherTable(schema, root, "it maps columns to other names (delta.columnMapping.mode)");
    }
  }

  private static CorruptTableException otherTable(
      TableSchema schema, String root, String difference) {
    return new CorruptTableException(
        schema.path()
            + ": there is another table at "
            + root
            + ": "
            + difference
            + "; use another --lake or move the table away");
  }

  private static List<String> describe(StructType type) {
    return type.fields().stream()
        .map(
            field ->
                field.getName()
                    + " "
                    + field.getDataType()
                    + (field.isNullable() ? "" : " not null"))
        .toList();
  }

  /** The schema of a table as Kernel has it. */
  static StructType of(TableSchema schema) {
    List<StructField> fields = new ArrayList<>();
    for (Column column : schema.columns()) {
      fields.add(
          new StructField(
              column.name(),
              kernelType(column.type()),
              column.nullable(),
              FieldMetadata.builder().putString("comment", column.comment()).build()));
    }
    if (schema.partitionColumn() != null) {
      fields.add(new StructField(schema.partitionColumn(), DateType.DATE, true));
    }
    return new StructType(fields);
  }

  private static DataType kernelType(Column.Type type) {
    return switch (type) {
      case STRING -> StringType.STRING;
      case INT -> IntegerType.INTEGER;
      case LONG -> LongType.LONG;
      case DOUBLE -> DoubleType.DOUBLE;
      case BOOLEAN -> BooleanType.BOOLEAN;
      case BINARY -> BinaryType.BINARY;
      case TIMESTAMP -> TimestampType.TIMESTAMP;
      case DATE -> DateType.DATE;
      case PRICE -> new DecimalType(18, 4);
    };
  }
}
