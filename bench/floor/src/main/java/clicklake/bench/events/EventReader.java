package clicklake.bench.events;

/** Reads a line into an event: valid, or with the reason why not. Used by one thread at a time. */
public interface EventReader {
  /**
   * @param line with {@link Event#PADDING} readable bytes behind the event
   * @param start of the event
   * @param length of the event, in bytes
   */
  void read(byte[] line, int start, int length, Event into);

  /** The reader with the given name: {@code jackson} or {@code hand}. */
  static EventReader named(String name) {
    return switch (name) {
      case "jackson" -> new JacksonReader();
      case "hand" -> new SliceReader();
      default -> throw new IllegalArgumentException("parser is jackson or hand, not " + name);
    };
  }
}
