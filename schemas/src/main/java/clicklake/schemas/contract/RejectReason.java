package clicklake.schemas.contract;

import java.util.Locale;

/** Why a record is in quarantine. The order is that in which the parser looks for faults. */
public enum RejectReason {
  EMPTY_VALUE,
  TOO_LARGE,
  NOT_UTF8,
  NOT_JSON,
  NOT_OBJECT,
  TOO_DEEP,
  MISSING_FIELD,
  NULL_FIELD,
  WRONG_TYPE,
  EMPTY_STRING,
  BAD_UUID,
  BAD_TIME,
  EVENT_TIME_OUT_OF_RANGE,
  FUTURE_EVENT_TIME,
  BAD_ENUM,
  BAD_COUNTRY,
  BAD_CURRENCY,
  BAD_NUMBER,
  BAD_IP,
  UNSUPPORTED_VERSION;

  private final String code = name().toLowerCase(Locale.ROOT);

  /** The code in quarantine's {@code reason} column. */
  public String code() {
    return code;
  }

  /**
   * The reason of a code.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static RejectReason ofCode(String code) {
    for (RejectReason reason : values()) {
      if (reason.code.equals(code)) {
        return reason;
      }
    }
    throw new IllegalArgumentException("no such reason: " + code);
  }
}
