package clicklake.io.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An authority of a test's own and the certificates that it signs, as PKCS12 stores, made by the
 * JDK's keytool.
 */
public final class TlsCertificate {
  /** Of all stores. */
  public static final String PASSWORD = "password of tests";

  private final Path folder;

  private TlsCertificate(Path folder) {
    this.folder = folder;
  }

  /**
   * Makes an authority.
   *
   * @param folder takes the stores
   */
  public static TlsCertificate authority(Path folder) {
    TlsCertificate made = new TlsCertificate(folder);
    made.keytool(
        made.folder.resolve("authority.p12"),
        "-genkeypair -alias authority -keyalg EC -dname CN=authority -ext bc:c -validity 3650");
    Path pem = made.folder.resolve("authority.pem");
    made.keytool(
        made.folder.resolve("authority.p12"), "-exportcert -rfc -alias authority -file", pem);
    made.keytool(made.trustStore(), "-importcert -noprompt -alias authority -file", pem);
    return made;
  }

  /** The authority's certificate as PEM text. */
  public String pem() {
    try {
      return Files.readString(folder.resolve("authority.pem"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A store with the authority's certificate, for those who are to trust it. */
  public Path trustStore() {
    return folder.resolve("trust.p12");
  }

  /**
   * A store with a key and a certificate that is good for ten years.
   *
   * @param names that it is for, as keytool takes them: {@code ip:127.0.0.1,dns:localhost}
   */
  public Path issue(String name, String names) {
    return issue(name, names, "-1d", 3650);
  }

  /** The same with a certificate that ran out yesterday. */
  public Path issueExpired(String name, String names) {
    return issue(name, names, "-10d", 9);
  }

  private Path issue(String name, String names, String start, int days) {
    Path store = folder.resolve(name + ".p12");
    Path request = folder.resolve(name + ".csr");
    Path signed = folder.resolve(name + ".pem");
    keytool(store, "-genkeypair -alias own -keyalg EC -dname CN=" + name);
    keytool(store, "-certreq -alias own -file", request);
    keytool(
        folder.resolve("authority.p12"),
        "-gencert -rfc -alias authority -startdate "
            + start
            + " -validity "
            + days
            + " -ext san="
            + names
            + " -infile",
        request,
        Path.of("-outfile"),
        signed);
    keytool(store, "-importcert -noprompt -alias authority -file", folder.resolve("authority.pem"));
    keytool(store, "-importcert -noprompt -alias own -file", signed);
    return store;
  }

  private void keytool(Path store, String words, Path... more) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(Arrays.asList(words.split(" ", -1)));
    Arrays.stream(more).map(Path::toString).forEach(command::add);
    command.addAll(
        List.of(
            "-keystore",
            store.toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD,
            "-J-XX:TieredStopAtLevel=1",
            "-J-Xshare:auto"));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException("keytool failed: " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
