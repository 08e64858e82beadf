package clicklake.io.clickhouse;

import clicklake.io.clickhouse.ClickHouseException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with ClickHouse, in one line, and what helps. The numbers are the server's error
 * codes (ErrorCodes.cpp, the same since its first releases); texts differ from version to version.
 */
final class ClickHouseFailures {
  private static final int LONGEST_TEXT = 300;

  /** The code that an answer begins with; newer servers also say it in a header. */
  private static final Pattern CODE = Pattern.compile("^Code: (\\d+)");

  /** Unknown user, wrong or missing password, authentication failed, not enough rights. */
  private static final Set<Integer> ACCESS = Set.of(192, 193, 194, 497, 516);

  private static final int READ_ONLY = 164;
  private static final int NOT_ENOUGH_SPACE = 243;

  /**
   * Timeout, too many queries, socket timeout, network, memory limit, table read-only for now, not
   * enough space, no ZooKeeper, too many parts, cannot reserve space, quota, aborted, disk full
   * while writing, Keeper.
   */
  private static final Set<Integer> PASSING =
      Set.of(
          159,
          160,
          201,
          202,
          209,
          210,
          225,
          236,
          241,
          242,
          NOT_ENOUGH_SPACE,
          252,
          319,
          394,
          425,
          439,
          999,
          75,
          76,
          88);

  private static final int GATEWAY = 502;
  private static final int UNAVAILABLE = 503;
  private static final int GATEWAY_TIMEOUT = 504;
  private static final int TOO_MANY_REQUESTS = 429;

  private ClickHouseFailures() {}

  /**
   * An answer that is no success.
   *
   * @param codeHeader the header with the server's error code; null if there is none
   */
  static ClickHouseException refused(
      ClickHouseSettings settings,
      String what,
      int status,
      @Nullable String codeHeader,
      String body) {
    int code = code(codeHeader, body);
    String said = shortened(body);
    if (ACCESS.contains(code) || code == 0 && (status == 401 || status == 403)) {
      return new ClickHouseException(
          Kind.ACCESS,
          what
              + " is not allowed at "
              + settings
              + " for user "
              + settings.user()
              + " ("
              + said
              + "); correct user and password in --clickhouseConfig, or grant the rights",
          null);
    }
    if (code == READ_ONLY) {
      return new ClickHouseException(
          Kind.ACCESS,
          what
              + " is refused by "
              + settings
              + ": user "
              + settings.user()
              + " may only read; use a user with a profile that may write",
          null);
    }
    if (code == NOT_ENOUGH_SPACE || body.contains("No space left on device")) {
      return new ClickHouseException(
          Kind.PASSING,
          what + " is refused by " + settings + ": its disk is full (" + said + "); free space",
          null);
    }
    boolean passing =
        PASSING.contains(code)
            || code == 0 && status >= 500
            || status == GATEWAY
            || status == UNAVAILABLE
            || status == GATEWAY_TIMEOUT
            || status == TOO_MANY_REQUESTS;
    return new ClickHouseException(
        passing ? Kind.PASSING : Kind.STATEMENT,
        what + " failed at " + settings + " with status " + status + ": " + said,
        null);
  }

  /** The server was not reached, or did not answer. */
  static ClickHouseException unreachable(
      ClickHouseSettings settings, String what, IOException cause) {
    if (cause instanceof SSLException) {
      return new ClickHouseException(
          Kind.ACCESS,
          what
              + " failed: no TLS with "
              + settings
              + " ("
              + cause.getMessage()
              + "); name the authority of its certificate in --clickhouseConfig, or use its port"
              + " for TLS",
          cause);
    }
    if (isUnknownHost(cause)) {
      return new ClickHouseException(
          Kind.PASSING,
          what
              + " failed: no host is called "
              + settings.endpoint().getHost()
              + "; correct the address of "
              + settings,
          cause);
    }
    String why =
        cause instanceof HttpTimeoutException
            ? "no answer within " + settings.answerWithin().toSeconds() + " s"
            : cause instanceof ConnectException
                ? "nothing listens there"
                : cause.getClass().getSimpleName() + ": " + cause.getMessage();
    return new ClickHouseException(
        Kind.PASSING, what + " failed: " + settings + " cannot be reached (" + why + ")", cause);
  }

  /** Whether the name of the host leads nowhere. */
  static boolean isUnknownHost(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
        return true;
      }
    }
    return false;
  }

  /** An answer that is no ClickHouse's. */
  static ClickHouseException notClickHouse(ClickHouseSettings settings, String what, String body) {
    return new ClickHouseException(
        Kind.STATEMENT,
        what
            + " failed: what answers at "
            + settings.endpoint()
            + " is no HTTP interface of ClickHouse (it said «"
            + shortened(body)
            + "»); the port is 8123 or 8443, unless the server's config says another",
        null);
  }

  static ClickHouseException interrupted(ClickHouseSettings settings, String what) {
    return new ClickHouseException(
        Kind.PASSING, what + " at " + settings + " was interrupted", null);
  }

  private static int code(@Nullable String header, String body) {
    if (header != null) {
      try {
        return Integer.parseInt(header.trim());
      } catch (NumberFormatException e) {
        // A proxy's; the body may know.
      }
    }
    Matcher code = CODE.matcher(body);
    return code.find() ? Integer.parseInt(code.group(1)) : 0;
  }

  private static String shortened(String body) {
    String line = body.strip().replaceAll("\\s+", " ").replace(", e.what() = DB::Exception", "");
    return line.length() <= LONGEST_TEXT ? line : line.substring(0, LONGEST_TEXT) + "…";
  }
}
