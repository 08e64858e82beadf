package clicklake.transforms.pseudonym;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes pseudonyms: the lower-case hexadecimal HMAC-SHA-256 of a value's bytes. Not safe for use by
 * several threads.
 */
public final class Pseudonyms {
  /** Length of a pseudonym in bytes, all of them ASCII. */
  public static final int LENGTH = 64;

  private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);

  private final Mac mac;
  private final byte[] hash = new byte[LENGTH / 2];

  public Pseudonyms(PseudonymKey key) {
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.secret(), "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HMAC-SHA-256", e);
    }
  }

  /** Writes the pseudonym of a value to {@link #LENGTH} bytes of {@code target}. */
  public void write(byte[] value, int start, int length, byte[] target, int targetStart) {
    mac.update(value, start, length);
    try {
      mac.doFinal(hash, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an HMAC-SHA-256 has 32 bytes", e);
    }
    int at = targetStart;
    for (byte part : hash) {
      target[at++] = HEX[part >> 4 & 0xF];
      target[at++] = HEX[part & 0xF];
    }
  }

  /** The pseudonym of a value. */
  public String of(byte[] value) {
    byte[] text = new byte[LENGTH];
    write(value, 0, value.length, text, 0);
    return new String(text, US_ASCII);
  }
}
