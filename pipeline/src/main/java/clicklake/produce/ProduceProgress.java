package clicklake.produce;

/** Is told how far producing has come, some times a second at most for each file or batch. */
@FunctionalInterface
public interface ProduceProgress {
  /** Tells nobody. */
  ProduceProgress SILENT = (records, planned, bytes) -> {};

  /**
   * Called by the producing thread.
   *
   * @param records that are where readers see them
   * @param planned how many there will be
   * @param bytes of those records, before compression
   */
  void produced(long records, long planned, long bytes);
}
