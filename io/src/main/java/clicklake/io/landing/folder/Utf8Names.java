package clicklake.io.landing.folder;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/*
 * Java spells the names of files in the encoding of the process's locale: under LC_ALL=POSIX a name
 * beyond ASCII becomes a string of replacement characters, and no such string leads back to the file.
 * The paths themselves keep the bytes, and their URIs show them percent-encoded, in any locale.
 */

/** Names of local files as UTF-8, whatever the locale takes them for. */
public final class Utf8Names {
  private static final boolean UTF_8_LOCALE =
      "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding"));
  private static final String PLAIN = "-._~/";
  private static final String HEX = "0123456789ABCDEF";

  private Utf8Names() {}

  /** The path of that name; a relative one is taken from the working directory. */
  public static Path path(String name) {
    if (ascii(name)) {
      return Path.of(name).toAbsolutePath();
    }
    return name.startsWith("/") ? ofUri("file://", name) : below(Path.of(""), name);
  }

  /** The path below a folder whose parts have these names. */
  public static Path below(Path folder, String name) {
    if (ascii(name)) {
      return folder.resolve(name);
    }
    String parent = folder.toAbsolutePath().toUri().toString();
    return ofUri(parent.endsWith("/") ? parent : parent + "/", name);
  }

  private static Path ofUri(String parent, String name) {
    StringBuilder uri = new StringBuilder(parent);
    for (byte each : name.getBytes(UTF_8)) {
      char c = (char) (each & 0xFF);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0)) {
        uri.append(c);
      } else {
        uri.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xF));
      }
    }
    return Path.of(URI.create(uri.toString()));
  }

  /** The last part of a path; null if it is not UTF-8. */
  static @Nullable String last(Path path) {
    String spelt = String.valueOf(path.getFileName());
    if (ascii(spelt) || UTF_8_LOCALE && spelt.indexOf('\uFFFD') < 0) {
      return spelt;
    }
    try {
      return UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(lastBytes(path)))
          .toString();
    } catch (CharacterCodingException foreign) {
      return null;
    }
  }

  /** The last part of a path as bytes in URIs: what is not plain ASCII is percent-encoded. */
  public static String encodedLast(Path path) {
    String uri = path.toUri().getRawPath();
    int end = uri.endsWith("/") ? uri.length() - 1 : uri.length();
    return uri.substring(uri.lastIndexOf('/', end - 1) + 1, end);
  }

  private static byte[] lastBytes(Path path) {
    String encoded = encodedLast(path);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c == '%') {
        bytes.write(Integer.parseInt(encoded, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toByteArray();
  }

  private static boolean ascii(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }
}
