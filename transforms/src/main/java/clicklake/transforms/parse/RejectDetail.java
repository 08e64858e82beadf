package clicklake.transforms.parse;

import clicklake.schemas.contract.RejectReason;
import org.jspecify.annotations.Nullable;

/** Writes the JSON array of a record's faults. Nothing in it needs an escape. */
final class RejectDetail {
  private final StringBuilder json = new StringBuilder("[");

  RejectDetail structure(RejectReason reason, int at, String message) {
    begin(reason);
    json.append(",\"at\":").append(at);
    return end(message);
  }

  /** Of a record of which only the head was kept; {@code sha256} in hexadecimal. */
  RejectDetail headOnly(int kept, long length, String sha256) {
    begin(RejectReason.TOO_LARGE);
    json.append(",\"at\":0,\"length\":").append(length);
    json.append(",\"sha256\":\"").append(sha256).append('"');
    return end("only the first " + kept + " bytes are kept");
  }

  RejectDetail field(RejectReason reason, @Nullable String field) {
    begin(reason);
    json.append(",\"field\":\"").append(field).append('"');
    return end(message(reason));
  }

  private void begin(RejectReason reason) {
    json.append(json.length() == 1 ? "{" : ",{")
        .append("\"reason\":\"")
        .append(reason.code())
        .append('"');
  }

  private RejectDetail end(String message) {
    json.append(",\"message\":\"").append(message).append("\"}");
    return this;
  }

  String json() {
    return json + "]";
  }

  private static String message(RejectReason reason) {
    return switch (reason) {
      case EMPTY_VALUE, TOO_LARGE, NOT_UTF8, NOT_JSON, NOT_OBJECT, TOO_DEEP ->
          throw new IllegalArgumentException(reason + " is no fault of a field");
      case MISSING_FIELD -> "a required field is missing";
      case NULL_FIELD -> "a required field is null";
      case WRONG_TYPE -> "the value is of another JSON type";
      case EMPTY_STRING -> "the string is empty";
      case BAD_UUID -> "not a UUID of 8-4-4-4-12 hexadecimal digits";
      case BAD_TIME -> "not a UTC time YYYY-MM-DDThh:mm:ss[.fffffffff]Z";
      case EVENT_TIME_OUT_OF_RANGE -> "before the year 2000";
      case FUTURE_EVENT_TIME -> "later than the arrival allows";
      case BAD_ENUM -> "not one of the allowed values";
      case BAD_COUNTRY -> "not an assigned ISO 3166-1 alpha-2 code in capitals";
      case BAD_CURRENCY -> "not a known ISO 4217 code in capitals";
      case BAD_NUMBER -> "outside the allowed numbers";
      case BAD_IP -> "neither an IPv4 nor an IPv6 address";
      case UNSUPPORTED_VERSION -> "neither version 1 nor version 2";
    };
  }
}
