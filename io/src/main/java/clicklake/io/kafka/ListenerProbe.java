package clicklake.io.kafka;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Finds out what listens at an address: Kafka's clients tell a wrong protocol and a broker that is
 * away in the same words, that nothing answered in time. Sends no names and no passwords.
 */
final class ListenerProbe {
  /**
   * The request <a
   * href="https://kafka.apache.org/protocol#The_Messages_ApiVersions">ApiVersions</a> in version 0,
   * which every broker answers before a client has told who it is: its length, key 18, version 0,
   * correlation id 1, no client id.
   */
  private static final byte[] API_VERSIONS =
      ByteBuffer.allocate(14)
          .putInt(10)
          .putShort((short) 18)
          .putShort((short) 0)
          .putInt(1)
          .putShort((short) -1)
          .array();

  /** What listens. */
  enum Answer {
    /** No connection. */
    NOTHING,
    /** Something that speaks TLS. */
    TLS,
    /** A broker that speaks without TLS. */
    PLAINTEXT,
    /** Something takes connections and speaks neither. */
    SILENCE
  }

  private ListenerProbe() {}

  /**
   * Connects and tries both ways of speaking.
   *
   * @param timeout for each of up to three connections
   */
  static Answer probe(InetSocketAddress address, Duration timeout) {
    int millis = (int) timeout.toMillis();
    try (Socket socket = new Socket()) {
      socket.connect(resolved(address), millis);
    } catch (IOException e) {
      return Answer.NOTHING;
    }
    if (speaksTls(address, millis)) {
      return Answer.TLS;
    }
    return speaksPlaintext(address, millis) ? Answer.PLAINTEXT : Answer.SILENCE;
  }

  private static InetSocketAddress resolved(InetSocketAddress address) {
    return new InetSocketAddress(address.getHostString(), address.getPort());
  }

  private static boolean speaksTls(InetSocketAddress address, int millis) {
    boolean[] certificate = {false};
    try (Socket plain = new Socket()) {
      plain.connect(resolved(address), millis);
      plain.setSoTimeout(millis);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {showing(certificate)}, new SecureRandom());
      try (SSLSocket tls =
          (SSLSocket)
              context
                  .getSocketFactory()
                  .createSocket(plain, address.getHostString(), address.getPort(), true)) {
        tls.startHandshake();
        return true;
      }
    } catch (SSLException e) {
      // A server that refuses what was offered speaks TLS all the same.
      return certificate[0] || String.valueOf(e.getMessage()).contains("fatal alert");
    } catch (IOException e) {
      return certificate[0];
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no TLS", e);
    }
  }

  /** Trusts everybody, since nothing is told; notes that there was a certificate. */
  private static X509TrustManager showing(boolean[] certificate) {
    return new X509TrustManager() {
      @Override
      public void checkClientTrusted(X509Certificate[] chain, String type) {}

      @Override
      public void checkServerTrusted(X509Certificate[] chain, String type) {
        certificate[0] = true;
      }

      @Override
      public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
      }
    };
  }

  private static boolean speaksPlaintext(InetSocketAddress address, int millis) {
    try (Socket socket = new Socket()) {
      socket.connect(resolved(address), millis);
      socket.setSoTimeout(millis);
      socket.getOutputStream().write(API_VERSIONS);
      socket.getOutputStream().flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      int length = in.readInt();
      return length >= 6 && in.readInt() == 1;
    } catch (IOException e) {
      return false;
    }
  }
}
