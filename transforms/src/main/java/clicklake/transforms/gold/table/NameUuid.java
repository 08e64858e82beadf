package clicklake.transforms.gold.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** Version 5 UUIDs (RFC 9562) of names, in namespaces of Clicklake's own. */
public final class NameUuid {
  private static final UUID PAGES = UUID.fromString("5d0b3a6e-2f0c-4c57-9a3e-7f0b6a1d9c42");
  private static final UUID SESSIONS = UUID.fromString("c2a7e9d4-81f3-4b6a-8e15-3d90f4b7a261");

  private NameUuid() {}

  /** The key of a page: of its text. */
  public static String ofPage(String page) {
    return of(PAGES, page).toString();
  }

  /**
   * The id of a session: of the start, as microseconds since 1970 in decimal, a space, and the
   * user's id.
   */
  public static String ofSession(String user, long startMicros) {
    return of(SESSIONS, startMicros + " " + user).toString();
  }

  public static UUID of(UUID namespace, String name) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
    ByteBuffer prefix = ByteBuffer.allocate(16);
    prefix.putLong(namespace.getMostSignificantBits()).putLong(namespace.getLeastSignificantBits());
    digest.update(prefix.array());
    ByteBuffer hash = ByteBuffer.wrap(digest.digest(name.getBytes(UTF_8)));
    long high = hash.getLong();
    long low = hash.getLong();
    return new UUID(
        high & 0xFFFFFFFFFFFF0FFFL | 0x5000L, low & 0x3FFFFFFFFFFFFFFFL | 0x8000000000000000L);
  }
}
