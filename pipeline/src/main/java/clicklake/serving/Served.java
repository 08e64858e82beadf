package clicklake.serving;

import java.util.List;

/** Something of the lake that ClickHouse serves. It keeps nothing that the next start needs. */
interface Served {

  /** What it notes its progress under. */
  List<String> names();

  /**
   * Brings ClickHouse to what the lake says now.
   *
   * @throws clicklake.io.clickhouse.ClickHouseException if the server does not take it
   * @throws clicklake.schemas.table.LakeException if the lake cannot be read, or the server was
   *     filled from another
   */
  void serve(ServingStore served);

  /** Forgets what it knows of the server, which may have lost something. */
  default void forget() {}
}
