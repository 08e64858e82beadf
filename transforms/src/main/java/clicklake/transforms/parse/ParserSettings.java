package clicklake.transforms.parse;

import static java.util.Objects.requireNonNull;

import clicklake.schemas.contract.Dialect;
import clicklake.transforms.pseudonym.PseudonymKey;
import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a deployment may choose about parsing.
 *
 * @param dialect how the source spells its events
 * @param allowedFuture how far an event's time may lie after the record's arrival
 * @param maxRecordBytes the longest record, in bytes; a longer one is refused as {@code too_large}
 * @param key the key for pseudonyms. Without one, addresses and other personal values are dropped:
 *     {@code ip} leaves no {@code ip_hash}, and a personal value among the unknown fields becomes
 *     null. The raw value is never kept.
 */
public record ParserSettings(
    Dialect dialect, Duration allowedFuture, long maxRecordBytes, @Nullable PseudonymKey key)
    implements Serializable {

  /**
   * The dialect {@code clickstream}, five minutes into the future, one MiB a record, and no key.
   */
  public static final ParserSettings DEFAULTS =
      new ParserSettings(Dialect.CLICKSTREAM, Duration.ofMinutes(5), 1 << 20, null);

  /**
   * @throws IllegalArgumentException if the duration is negative or beyond a million days, or the
   *     record length not positive
   */
  public ParserSettings {
    requireNonNull(dialect);
    if (allowedFuture.isNegative() || allowedFuture.toDays() > 1_000_000) {
      throw new IllegalArgumentException(
          "allowedFuture is " + allowedFuture + "; it must lie between zero and a million days");
    }
    if (maxRecordBytes <= 0) {
      throw new IllegalArgumentException(
          "maxRecordBytes is " + maxRecordBytes + "; it must be positive");
    }
  }

  /** These settings for a source of another dialect. */
  public ParserSettings withDialect(Dialect newDialect) {
    return new ParserSettings(newDialect, allowedFuture, maxRecordBytes, key);
  }

  /** These settings with a key. */
  public ParserSettings withKey(PseudonymKey newKey) {
    return new ParserSettings(dialect, allowedFuture, maxRecordBytes, newKey);
  }

  /**
   * Names the rules that decide about a record: the parser's version and every setting, the key by
   * its id only. Two parsers with equal strings decide alike.
   */
  public String rulesVersion() {
    return "events-"
        + EventParser.VERSION
        + " dialect="
        + dialect.text()
        + " allowedFuture="
        + allowedFuture
        + " maxRecordBytes="
        + maxRecordBytes
        + " key="
        + (key == null ? "none" : key.id());
  }
}
