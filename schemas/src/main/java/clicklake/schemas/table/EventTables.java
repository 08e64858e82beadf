package clicklake.schemas.table;

import clicklake.schemas.table.Column.Type;
import java.util.ArrayList;
import java.util.List;

/** The tables of {@link Feed#EVENTS}, and the columns of bronze and quarantine in every feed. */
public final class EventTables {

  static final List<Column> POSITION =
      List.of(
          required("_source", Type.STRING, "topic, or path relative to the landing folder"),
          required("_partition", Type.INT, "Kafka partition, or generation of the landing file"),
          required("_offset", Type.LONG, "Kafka offset, or index of the line, from 0"),
          required("_ingested_at", Type.TIMESTAMP, "when the record arrived at its source"));

  private static final List<Column> RECORD =
      List.of(
          payload("_key", Type.BINARY, "the record's key as received"),
          payload("_headers", Type.STRING, "the record's headers, a JSON array of key and value"));

  /** Every record as received. */
  public static final TableSchema BRONZE_EVENTS =
      new TableSchema(
          "bronze/events",
          "Every record as received, once; restricted: may hold personal data",
          concat(POSITION, RECORD, List.of(payload("value", Type.BINARY, "the bytes as received"))),
          "ingest_date");

  /** Unique valid events. */
  public static final TableSchema SILVER_EVENTS =
      new TableSchema(
          "silver/events",
          "Every valid event, once; typed and pseudonymised",
          concat(
              List.of(
                  new Column(
                      "event_id", Type.STRING, false, false, "UUID of the event, lower case"),
                  required("schema_version", Type.INT, "version of the contract: 1 or 2"),
                  required("event_time", Type.TIMESTAMP, "when it happened, says the client"),
                  new Column("user_id", Type.STRING, false, false, "who did it"),
                  required(
                      "action", Type.STRING, "view, click, add_to_cart, purchase, login, logout"),
                  new Column("page", Type.STRING, false, false, "where it happened"),
                  payload("referrer", Type.STRING, "where the user came from"),
                  payload("user_agent", Type.STRING, "the client's own description"),
                  optional("source", Type.STRING, "which channel: web, mobile, …"),
                  optional("device_type", Type.STRING, "mobile, desktop, tablet, other"),
                  optional("country", Type.STRING, "ISO 3166-1 alpha-2"),
                  payload("ip_hash", Type.STRING, "pseudonym of the client's address"),
                  optional("ip_hash_key_id", Type.STRING, "which key made ip_hash"),
                  payload("session_id", Type.STRING, "the client's session"),
                  payload("product_id", Type.STRING, "what was looked at or bought"),
                  optional("quantity", Type.INT, "how many"),
                  optional("price", Type.PRICE, "price of one"),
                  optional("currency", Type.STRING, "ISO 4217"),
                  payload("_rescued_data", Type.STRING, "unknown fields as a JSON object")),
              POSITION,
              List.of(
                  required("_processed_at", Type.TIMESTAMP, "when the row was written"),
                  new Column(
                      "_digest",
                      Type.LONG,
                      false,
                      false,
                      "digest of the content: equal for identical copies"))),
          "event_date");

  /** Records that the contract refuses. */
  public static final TableSchema QUARANTINE_EVENTS =
      new TableSchema(
          "quarantine/events",
          "Every record that the contract refuses, once; restricted: may hold personal data",
          concat(
              POSITION,
              RECORD,
              List.of(
                  payload("value", Type.BINARY, "the bytes as received"),
                  required("reason", Type.STRING, "code of the first fault"),
                  optional("field", Type.STRING, "the field of the first fault"),
                  payload("detail", Type.STRING, "all faults, a JSON array"),
                  required("stage", Type.STRING, "the step that refused it"),
                  required("processor_version", Type.STRING, "parser version and settings"))),
          "ingest_date");

  /** What the source brings in, in the order of the flow. */
  public static final List<TableSchema> EVENTS =
      List.of(BRONZE_EVENTS, SILVER_EVENTS, QUARANTINE_EVENTS);

  private EventTables() {}

  private static Column required(String name, Type type, String comment) {
    return new Column(name, type, false, true, comment);
  }

  private static Column optional(String name, Type type, String comment) {
    return new Column(name, type, true, true, comment);
  }

  /** Nullable, and nothing prunes by it: raw bytes, free text, hashes. */
  private static Column payload(String name, Type type, String comment) {
    return new Column(name, type, true, false, comment);
  }

  @SafeVarargs
  private static List<Column> concat(List<Column>... parts) {
    List<Column> all = new ArrayList<>();
    for (List<Column> part : parts) {
      all.addAll(part);
    }
    return all;
  }
}
