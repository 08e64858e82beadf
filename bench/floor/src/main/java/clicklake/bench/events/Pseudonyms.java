package clicklake.bench.events;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Sets the keys that a peer's silver has in place of user and address: hex of their SHA-256. */
public final class Pseudonyms {
  private final MessageDigest sha256;
  private final byte[] digest = new byte[32];

  public Pseudonyms() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  public void set(Event event) {
    hash(event, Event.USER, event.userKey);
    if (event.hasIp()) {
      hash(event, Event.IP, event.ipKey);
    }
  }

  private void hash(Event event, int field, byte[] key) {
    sha256.update(event.texts, event.starts[field], event.lengths[field]);
    try {
      sha256.digest(digest, 0, digest.length);
    } catch (DigestException e) {
      throw new IllegalStateException("SHA-256 has 32 bytes", e);
    }
    for (int i = 0; i < digest.length; i++) {
      key[2 * i] = Event.HEX[digest[i] >> 4 & 15];
      key[2 * i + 1] = Event.HEX[digest[i] & 15];
    }
  }
}
