package clicklake.io.kafka;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
final class FreePorts {

  private static final int FIRST = 15_000;
  private static final int BEHIND_LAST = 32_000;
  private static final int MOST_TRIES = 1_000;

  private FreePorts() {}

  /** As many different ports as asked for, all free a moment ago. */
  static List<Integer> find(int count, RandomGenerator random) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    for (int tries = 0; held.size() < count; tries++) {
      if (tries == MOST_TRIES) {
        throw new IOException("all of " + MOST_TRIES + " ports tried on 127.0.0.1 are taken");
      }
      ServerSocket socket = new ServerSocket();
      try {
        socket.bind(
            new InetSocketAddress(
                InetAddress.getLoopbackAddress(), random.nextInt(FIRST, BEHIND_LAST)));
        held.add(socket);
      } catch (IOException taken) {
        socket.close();
      }
    }
    List<Integer> ports = held.stream().map(ServerSocket::getLocalPort).toList();
    for (ServerSocket socket : held) {
      socket.close();
    }
    return ports;
  }
}
