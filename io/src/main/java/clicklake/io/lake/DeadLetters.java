package clicklake.io.lake;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** Where refused records are sent besides quarantine; at least once each. */
public interface DeadLetters extends Serializable, AutoCloseable {

  /** Takes one refused record; may return before it is sent. */
  void send(Letter letter);

  /** Returns when everything taken so far is acknowledged. */
  void flush();

  @Override
  void close();

  /**
   * A refused record.
   *
   * @param source its {@code _source}
   * @param partition its {@code _partition}
   * @param offset its {@code _offset}
   * @param key its key as received
   * @param headers its headers as JSON
   * @param value its bytes as received
   * @param reason code of the first fault
   * @param field the field of the first fault
   * @param detail all faults, a JSON array
   */
  record Letter(
      String source,
      int partition,
      long offset,
      byte @Nullable [] key,
      @Nullable String headers,
      byte @Nullable [] value,
      String reason,
      @Nullable String field,
      String detail) {}
}
