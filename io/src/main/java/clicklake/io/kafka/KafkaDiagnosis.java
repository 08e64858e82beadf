package clicklake.io.kafka;

import clicklake.io.Causes;
import clicklake.io.kafka.ListenerProbe.Answer;
import java.net.InetSocketAddress;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;

/**
 * Why Kafka cannot be reached, in words that say what to change: thing and remedy, without secrets.
 */
final class KafkaDiagnosis {
  /** Three addresses tell as much as thirty. */
  private static final int ADDRESSES = 3;

  private static final Duration PROBE = Duration.ofMillis(700);

  private KafkaDiagnosis() {}

  /** What a refusal means; empty if it says so itself. */
  static Optional<String> ofRefusal(Throwable failure) {
    String words = Causes.deepest(failure).getMessage();
    String said = words == null ? "" : words.lines().findFirst().orElse("");
    for (Throwable cause : Causes.of(failure)) {
      if (cause instanceof SslAuthenticationException) {
        return Optional.of(ofTls(said));
      }
      if (cause instanceof UnsupportedSaslMechanismException) {
        return Optional.of(said + "; set sasl.mechanism in --kafkaConfig to one that it has");
      }
      if (cause instanceof SaslAuthenticationException) {
        return Optional.of(said + "; check user and password in sasl.jaas.config of --kafkaConfig");
      }
      if (cause instanceof AuthorizationException) {
        return Optional.of(
            said
                + "; grant this user Read and Describe on the topic it reads, Write on the one it"
                + " writes");
      }
    }
    return Optional.empty();
  }

  private static String ofTls(String said) {
    String folded = said.toLowerCase(Locale.ROOT);
    if (folded.contains("unable to find valid certification path")
        || folded.contains("path building failed")) {
      return "the broker's certificate is signed by nobody whom this client trusts; set"
          + " ssl.truststore.location in --kafkaConfig to a store with its authority";
    }
    if (folded.contains("no subject alternative") || folded.contains("no name matching")) {
      return "the broker's certificate is of another host ("
          + said
          + "); use a name from the certificate in --bootstrapServers";
    }
    if (folded.contains("notafter")) {
      return "the broker's certificate has expired (" + said + "); renew it at the broker";
    }
    if (folded.contains("certificate_required")
        || folded.contains("bad_certificate")
        || folded.contains("empty client certificate")) {
      return "the broker asks for a certificate of the client ("
          + said
          + "); set ssl.keystore.location in --kafkaConfig to one that the broker trusts";
    }
    return "TLS failed: " + said + "; check the ssl. properties in --kafkaConfig";
  }

  /** What a client that could not be made lacks; empty if the failure says so itself. */
  static Optional<String> ofSettings(Throwable failure) {
    for (Throwable cause : Causes.of(failure)) {
      if (cause instanceof NoSuchFileException missing) {
        return Optional.of(
            "there is no file "
                + missing.getFile()
                + "; correct ssl.truststore.location or ssl.keystore.location in --kafkaConfig");
      }
      if (String.valueOf(cause.getMessage()).contains("password was incorrect")) {
        return Optional.of(
            "a store of certificates does not open with its password; correct"
                + " ssl.truststore.password or ssl.keystore.password in --kafkaConfig");
      }
    }
    return Optional.empty();
  }

  /** Why nothing answered: asks the addresses themselves, for two seconds each at the most. */
  static Optional<String> ofSilence(KafkaSettings settings) {
    String protocol =
        settings
            .client()
            .getOrDefault(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "PLAINTEXT")
            .toUpperCase(Locale.ROOT);
    boolean tls = protocol.endsWith("SSL");
    List<String> deaf = new ArrayList<>();
    for (InetSocketAddress address : addresses(settings.bootstrapServers())) {
      String name = address.getHostString() + ":" + address.getPort();
      Answer answer = ListenerProbe.probe(address, PROBE);
      if (answer == Answer.TLS && !tls) {
        return Optional.of(
            name
                + " speaks TLS, and this client does not; set security.protocol in --kafkaConfig to"
                + (protocol.startsWith("SASL") ? " SASL_SSL" : " SSL, or SASL_SSL with a user"));
      }
      if (answer == Answer.PLAINTEXT && tls) {
        return Optional.of(
            name
                + " speaks without TLS, and this client with it; use the broker's TLS port in"
                + " --bootstrapServers, or set security.protocol in --kafkaConfig to "
                + (protocol.startsWith("SASL") ? "SASL_PLAINTEXT" : "PLAINTEXT"));
      }
      if (answer == Answer.NOTHING) {
        deaf.add(name);
      } else {
        return Optional.empty();
      }
    }
    return deaf.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "nothing listens at "
                + String.join(", ", deaf)
                + "; start the broker, or correct --bootstrapServers");
  }

  private static List<InetSocketAddress> addresses(String bootstrapServers) {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (String one : bootstrapServers.split(",", ADDRESSES + 1)) {
      int colon = one.lastIndexOf(':');
      if (addresses.size() < ADDRESSES && colon > 0) {
        String port = one.substring(colon + 1).strip();
        if (port.matches("\\d{1,5}") && Integer.parseInt(port) <= 0xFFFF) {
          String host = one.substring(0, colon).strip().replaceFirst("^\\[(.*)]$", "$1");
          addresses.add(InetSocketAddress.createUnresolved(host, Integer.parseInt(port)));
        }
      }
    }
    return addresses;
  }
}
