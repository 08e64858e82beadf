package clicklake.io.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/*
 * Ports for services that stop and start again on the same one. They are taken from below the range
 * that operating systems give to outgoing connections: while such a service is down, a client that
 * tries to reach it could otherwise be given that very port as its own, and the service could not
 * come back.
 */
/** Free TCP ports of 127.0.0.1, outside the range of outgoing connections. */
public final class FreePorts {

  private static final int FIRST = 15_000;
  private static final int BEHIND_LAST = 32_000;
  private static final int MOST_TRIES = 1_000;

  private FreePorts() {}

  /** As many different ports as asked for, all free a moment ago. */
  public static List<Integer> find(int count, RandomGenerator random) {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int tries = 0; held.size() < count; tries++) {
        if (tries == MOST_TRIES) {
          throw new IllegalStateException(
              "Looking for free ports: all of " + MOST_TRIES + " tried on 127.0.0.1 are taken");
        }
        int port = random.nextInt(FIRST, BEHIND_LAST);
        try {
          held.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
        } catch (IOException taken) {
          // Another one, then.
        }
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      held.forEach(FreePorts::close);
    }
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Closing a port that was held", e);
    }
  }
}
