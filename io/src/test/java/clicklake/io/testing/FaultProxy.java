package clicklake.io.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a client and an object store and fails a share of the requests, each in one of the
 * ways in which stores and networks do. Requests pass untouched, so that their signatures hold. The
 * choice follows a seed, as far as requests come in the same order.
 */
public final class FaultProxy implements AutoCloseable {
  private static final Pattern LENGTH =
      Pattern.compile("\r\nContent-Length: *(\\d+)\r\n", Pattern.CASE_INSENSITIVE);
  private static final Pattern CONNECTION =
      Pattern.compile("\r\n(Connection|Expect): [^\r]*(?=\r\n)", Pattern.CASE_INSENSITIVE);

  /** What becomes of a request. */
  public enum Fault {
    /** Answered 503, and not passed on. */
    SLOW_DOWN,
    /** Answered 500, and not passed on. */
    INTERNAL_ERROR,
    /** A conditional put is answered 409, and not passed on; others are answered 503. */
    CONFLICT,
    /** The connection is closed, and nothing passed on. */
    CLOSED_BEFORE,
    /** Passed on; the connection is closed before the answer. */
    CLOSED_AFTER,
    /** Passed on; answered 500. */
    INTERNAL_ERROR_AFTER,
    /** Passed on or not; the client waits for an answer until it gives up. */
    NO_ANSWER
  }

  private static final List<Fault> ANSWERED =
      List.copyOf(EnumSet.complementOf(EnumSet.of(Fault.NO_ANSWER)));

  /** One in so many faults is a silence, where a test wants any: each costs seconds. */
  private static final int SILENCES = 40;

  /** What a store charges for: by the request, and not all alike. */
  public enum Kind {
    PUT,
    POST,
    LIST,
    GET,
    HEAD,
    DELETE
  }

  private final ServerSocket socket;
  private final int storePort;
  private final double share;
  private final SplittableRandom random;
  private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
  private final Map<Kind, Integer> requests = new EnumMap<>(Kind.class);
  private volatile boolean silences;
  private volatile Duration delay = Duration.ZERO;

  /**
   * @param share of the requests that fail, from 0 to 1
   */
  public FaultProxy(ObjectStore store, double share, long seed) {
    this.storePort = store.port();
    this.share = share;
    this.random = new SplittableRandom(seed);
    try {
      this.socket = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::accept);
  }

  /** From now on some of the requests that fail are not answered at all. */
  public FaultProxy withSilences() {
    silences = true;
    return this;
  }

  /** From now on each request takes so much longer, as to a store far away. */
  public FaultProxy delayedBy(Duration time) {
    delay = time;
    return this;
  }

  /** The address for clients of the store. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  /** How many requests failed, by fault. */
  public synchronized Map<Fault, Integer> faults() {
    return new EnumMap<>(faults);
  }

  /** How many requests came, by kind. */
  public synchronized Map<Kind, Integer> requests() {
    return new EnumMap<>(requests);
  }

  private synchronized void count(String head) {
    Kind kind =
        head.startsWith("GET ") && head.substring(0, head.indexOf('\r')).contains("list-type=2")
            ? Kind.LIST
            : Kind.valueOf(head.substring(0, head.indexOf(' ')));
    requests.merge(kind, 1, Integer::sum);
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "fault proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        daemon(() -> serve(client));
      } catch (IOException e) {
        // Closed: the test has ended.
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = client.getInputStream();
      OutputStream out = client.getOutputStream();
      String head = head(in);
      if (head.isEmpty()) {
        return;
      }
      if (head.toLowerCase(Locale.ROOT).contains("\r\nexpect: 100-continue\r\n")) {
        out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
        out.flush();
      }
      Matcher length = LENGTH.matcher(head);
      byte[] body = length.find() ? in.readNBytes(Integer.parseInt(length.group(1))) : new byte[0];
      count(head);
      TimeUnit.NANOSECONDS.sleep(delay.toNanos());
      Optional<byte[]> answer = answer(head, body);
      if (answer.isPresent()) {
        out.write(answer.get());
        out.flush();
      } else {
        in.transferTo(OutputStream.nullOutputStream());
      }
    } catch (IOException | Closed e) {
      // The client has gone, or shall find the connection closed.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The request line and headers, with the empty line at their end. */
  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int last = 0;
    for (int b = in.read(); b >= 0; b = in.read()) {
      head.write(b);
      last = last << 8 | b;
      if (last == 0x0D0A0D0A) {
        return head.toString(ISO_8859_1);
      }
    }
    return "";
  }

  /** Empty if there shall be none. */
  private Optional<byte[]> answer(String head, byte[] body) throws IOException, Closed {
    Fault fault = nextFault();
    if (fault == null) {
      return Optional.of(forward(head, body));
    }
    if (fault == Fault.NO_ANSWER) {
      if (body.length % 2 == 0) {
        forward(head, body);
      }
      return Optional.empty();
    }
    return Optional.of(answer(fault, head, body));
  }

  private byte[] answer(Fault fault, String head, byte[] body) throws IOException, Closed {
    switch (fault) {
      case SLOW_DOWN:
        return error(503, "SlowDown");
      case INTERNAL_ERROR:
        return error(500, "InternalError");
      case CONFLICT:
        return head.toLowerCase(Locale.ROOT).contains("\r\nif-none-match:")
            ? error(409, "ConditionalRequestConflict")
            : error(503, "SlowDown");
      case CLOSED_BEFORE:
        throw new Closed();
      case CLOSED_AFTER:
        forward(head, body);
        throw new Closed();
      default:
        forward(head, body);
        return error(500, "InternalError");
    }
  }

  private synchronized @Nullable Fault nextFault() {
    if (random.nextDouble() >= share) {
      return null;
    }
    Fault fault =
        silences && random.nextInt(SILENCES) == 0
            ? Fault.NO_ANSWER
            : ANSWERED.get(random.nextInt(ANSWERED.size()));
    faults.merge(fault, 1, Integer::sum);
    return fault;
  }

  private byte[] forward(String head, byte[] body) throws IOException {
    String closing =
        CONNECTION.matcher(head).replaceAll("").replaceFirst("\r\n", "\r\nConnection: close\r\n");
    try (Socket store = new Socket(InetAddress.getLoopbackAddress(), storePort)) {
      store.getOutputStream().write(closing.getBytes(ISO_8859_1));
      store.getOutputStream().write(body);
      store.getOutputStream().flush();
      return store.getInputStream().readAllBytes();
    }
  }

  private static byte[] error(int status, String code) {
    String xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>"
            + code
            + "</Code><Message>injected</Message></Error>";
    return ("HTTP/1.1 "
            + status
            + " Injected\r\nContent-Type: application/xml\r\nConnection: close\r\nContent-Length: "
            + xml.length()
            + "\r\n\r\n"
            + xml)
        .getBytes(ISO_8859_1);
  }

  /** The connection is to be closed without an answer. */
  private static final class Closed extends Exception {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
