package clicklake.transforms.pseudonym;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The secret under which personal values are hashed, and the name it goes by in tables. To rotate,
 * configure a key with a new id; rows keep the id of the key that they were written under.
 */
public final class PseudonymKey implements Serializable {
  private static final long serialVersionUID = 1;

  /** The shortest secret that is accepted, in bytes. */
  public static final int SHORTEST_SECRET = 16;

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private final String id;
  private final byte[] secret;

  /**
   * @param id 1 to 64 letters, digits, dots, underscores and hyphens; stored in tables
   * @param secret at least {@value #SHORTEST_SECRET} bytes; copied
   * @throws IllegalArgumentException if either is not so; the message does not tell the secret
   */
  public PseudonymKey(String id, byte[] secret) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "the id of a pseudonym key is 1 to 64 letters, digits, dots, underscores or hyphens");
    }
    if (secret.length < SHORTEST_SECRET) {
      throw new IllegalArgumentException(
          "the secret of pseudonym key "
              + id
              + " has "
              + secret.length
              + " bytes; it needs at least "
              + SHORTEST_SECRET);
    }
    this.id = id;
    this.secret = secret.clone();
  }

  /**
   * Reads {@code id:hex}, the form in which a file or an environment variable holds a key; white
   * space around it is ignored.
   *
   * @throws IllegalArgumentException if the text is not of this form; the message does not tell it
   */
  public static PseudonymKey parse(String text) {
    String stripped = text.strip();
    int colon = stripped.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("a pseudonym key is written as id:hexadecimal-secret");
    }
    byte[] secret;
    try {
      secret = HexFormat.of().parseHex(stripped.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      // The cause would quote the secret.
      throw new IllegalArgumentException(
          "the secret of a pseudonym key is an even number of hexadecimal digits");
    }
    return new PseudonymKey(stripped.substring(0, colon), secret);
  }

  /** The name that tables show. */
  public String id() {
    return id;
  }

  byte[] secret() {
    return secret;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PseudonymKey key
        && id.equals(key.id)
        && Arrays.equals(secret, key.secret);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  /** The id alone. */
  @Override
  public String toString() {
    return "PseudonymKey[" + id + ", ***]";
  }
}
