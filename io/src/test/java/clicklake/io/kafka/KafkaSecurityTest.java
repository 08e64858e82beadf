package clicklake.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import clicklake.io.SourceException;
import clicklake.io.broker.FreePorts;
import clicklake.io.broker.LocalBroker.Listener;
import clicklake.io.lake.DeadLetters.Letter;
import clicklake.io.source.Batches;
import clicklake.io.source.FakeLake;
import clicklake.io.source.ReadSettings;
import clicklake.io.testing.KafkaBroker;
import clicklake.io.testing.TlsCertificate;
import clicklake.schemas.batch.RawBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker with TLS, with certificates of clients, and with users; and each way to miss it. */
class KafkaSecurityTest {
  private static final Duration ANSWER = Duration.ofSeconds(4);
  private static final String HERE = "ip:127.0.0.1,dns:localhost";
  private static final String USER = "ann";
  private static final String USER_PASSWORD = "a secret of ann's";

  @TempDir static Path folder;

  private static TlsCertificate authority;
  private static Path ownStore;
  private static KafkaBroker broker;
  private static String topic;

  @BeforeAll
  static void startABrokerWithEachKindOfListener() {
    authority = TlsCertificate.authority(folder);
    ownStore = authority.issue("client", HERE);
    Path server = authority.issue("server", HERE);
    Map<String, String> asking = new HashMap<>(keyStore(server));
    asking.put("ssl.client.auth", "required");
    asking.putAll(trustStore());
    Map<String, String> users = new HashMap<>(keyStore(server));
    users.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
    users.put(
        "scram-sha-512.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    broker =
        KafkaBroker.startNew(
            List.of(
                new Listener("TLS", "SSL", keyStore(server)),
                new Listener("ASKING", "SSL", asking),
                new Listener("USERS", "SASL_SSL", users),
                new Listener(
                    "ELSEWHERE", "SSL", keyStore(authority.issue("other", "dns:elsewhere"))),
                new Listener("EXPIRED", "SSL", keyStore(authority.issueExpired("old", HERE)))));
    broker.addUser(USER, USER_PASSWORD);
    broker.addUser("bob", "another secret");
    topic = broker.newTopic("secured", 1);
    broker.produce(
        IntStream.range(0, 3)
            .mapToObj(
                i -> new ProducerRecord<byte[], byte[]>(topic, 0, null, ("v" + i).getBytes(UTF_8)))
            .toList());
    broker.reserve(topic, USER);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static Map<String, String> keyStore(Path store) {
    return Map.of(
        "ssl.keystore.type",
        "PKCS12",
        "ssl.keystore.location",
        store.toString(),
        "ssl.keystore.password",
        TlsCertificate.PASSWORD);
  }

  private static Map<String, String> trustStore() {
    return Map.of(
        "ssl.truststore.type",
        "PKCS12",
        "ssl.truststore.location",
        authority.trustStore().toString(),
        "ssl.truststore.password",
        TlsCertificate.PASSWORD);
  }

  private static KafkaSettings at(String address, Map<String, String> client) {
    return KafkaSettings.of(address, topic).withClient(client).withAnswerWithin(ANSWER);
  }

  private static Map<String, String> tls() {
    Map<String, String> client = new HashMap<>(trustStore());
    client.put("security.protocol", "SSL");
    return client;
  }

  private static Map<String, String> as(String user, String password) {
    Map<String, String> client = new HashMap<>(trustStore());
    client.put("security.protocol", "SASL_SSL");
    client.put("sasl.mechanism", "SCRAM-SHA-512");
    client.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\""
            + user
            + "\" password=\""
            + password
            + "\";");
    return client;
  }

  private static List<String> read(KafkaSettings settings) throws IOException {
    List<RawBatch> batches = new ArrayList<>();
    FakeLake lake = new FakeLake();
    KafkaRangeFn reader = new KafkaRangeFn(settings, ReadSettings.DEFAULT, lake);
    try {
      for (KafkaRange range : KafkaSource.of(settings, ReadSettings.DEFAULT, lake).plan()) {
        reader.read(range, Batches.into(batches));
      }
    } finally {
      reader.close();
    }
    return Batches.text(batches);
  }

  /** What a start says, and that it says so in time. */
  private static String failure(KafkaSettings settings) {
    long begun = System.nanoTime();
    SourceException failure = catchThrowableOfType(SourceException.class, () -> read(settings));
    assertThat(failure).as("failure of %s", settings).isNotNull();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(ANSWER.multipliedBy(3));
    String words = failure.getMessage();
    assertThat(words)
        .contains("topic " + topic + " at " + settings.bootstrapServers())
        .doesNotContain("\n", "secret", TlsCertificate.PASSWORD);
    return words.substring(words.indexOf(settings.bootstrapServers()));
  }

  private static String failureAt(String listener, Map<String, String> client) {
    String address = broker.bootstrapServers(listener);
    return failure(at(address, client)).replace(address, listener);
  }

  @Test
  void recordsAreReadOverTls() throws IOException {
    Map<String, String> client = new HashMap<>(tls());
    assertThat(read(at(broker.bootstrapServers("TLS"), client)))
        .containsExactly(topic + "/0[0,3) 0=v0 1=v1 2=v2");
  }

  @Test
  void recordsAreReadAndDeadLettersWrittenByAUser() throws IOException {
    KafkaSettings settings = at(broker.bootstrapServers("USERS"), as(USER, USER_PASSWORD));

    assertThat(read(settings)).containsExactly(topic + "/0[0,3) 0=v0 1=v1 2=v2");

    String letters = broker.newTopic("letters", 1);
    broker.reserve(letters, USER);
    KafkaSettings dead =
        KafkaSettings.of(broker.bootstrapServers("USERS"), letters)
            .withClient(as(USER, USER_PASSWORD))
            .withAnswerWithin(ANSWER);
    Letter letter =
        new Letter("clicks", 0, 7, null, null, "bad".getBytes(UTF_8), "not_json", null, "[]");
    try (KafkaDeadLetters writer = new KafkaDeadLetters(dead)) {
      writer.publish(List.of(letter));
    }
    assertThat(broker.readAll(letters))
        .extracting(record -> new String(record.value(), UTF_8))
        .containsExactly("bad");

    KafkaSettings bobs = dead.withClient(as("bob", "another secret"));
    try (KafkaDeadLetters writer = new KafkaDeadLetters(bobs)) {
      assertThatThrownBy(() -> writer.publish(List.of(letter)))
          .isInstanceOf(SourceException.class)
          .hasMessageStartingWith("Writing dead letters to topic " + letters)
          .hasMessageEndingWith(
              "grant this user Read and Describe on the topic it reads, Write on the one it"
                  + " writes");
    }
  }

  @Test
  void aClientShowsItsCertificateWhereTheBrokerAsksForOne() throws IOException {
    Map<String, String> client = new HashMap<>(tls());
    client.putAll(keyStore(ownStore));
    client.put("ssl.key.password", TlsCertificate.PASSWORD);
    String open = broker.newTopic("open", 1);
    broker.produce(List.of(new ProducerRecord<>(open, 0, null, "v".getBytes(UTF_8))));

    KafkaSettings settings =
        KafkaSettings.of(broker.bootstrapServers("ASKING"), open)
            .withClient(client)
            .withAnswerWithin(ANSWER);

    assertThat(read(settings)).containsExactly(open + "/0[0,1) 0=v");
    assertThat(failureAt("ASKING", tls()))
        .startsWith("ASKING: the broker asks for a certificate of the client")
        .endsWith("set ssl.keystore.location in --kafkaConfig to one that the broker trusts");
  }

  @Test
  void aWrongPasswordIsTold() {
    assertThat(failureAt("USERS", as(USER, "wrong")))
        .isEqualTo(
            "USERS: Authentication failed during authentication due to invalid credentials with"
                + " SASL mechanism SCRAM-SHA-512; check user and password in sasl.jaas.config of"
                + " --kafkaConfig");
  }

  @Test
  void aMechanismThatTheBrokerDoesNotHaveIsTold() {
    Map<String, String> client = new HashMap<>(as(USER, USER_PASSWORD));
    client.put("sasl.mechanism", "PLAIN");
    client.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"ann\""
            + " password=\"a secret\";");

    assertThat(failureAt("USERS", client))
        .isEqualTo(
            "USERS: Client SASL mechanism 'PLAIN' not enabled in the server, enabled mechanisms"
                + " are [SCRAM-SHA-512]; set sasl.mechanism in --kafkaConfig to one that it has");
  }

  @Test
  void aUserWithoutRightsIsTold() {
    assertThat(failureAt("USERS", as("bob", "another secret")))
        .endsWith(
            "; grant this user Read and Describe on the topic it reads, Write on the one it"
                + " writes");
  }

  @Test
  void aCertificateOfNobodyKnownIsTold() {
    assertThat(failureAt("TLS", Map.of("security.protocol", "SSL")))
        .isEqualTo(
            "TLS: the broker's certificate is signed by nobody whom this client trusts; set"
                + " ssl.truststore.location in --kafkaConfig to a store with its authority");
  }

  @Test
  void aCertificateOfAnotherHostIsTold() {
    assertThat(failureAt("ELSEWHERE", tls()))
        .startsWith("ELSEWHERE: the broker's certificate is of another host (")
        .endsWith("); use a name from the certificate in --bootstrapServers");
  }

  @Test
  void aCertificateThatHasExpiredIsTold() {
    assertThat(failureAt("EXPIRED", tls()))
        .startsWith("EXPIRED: the broker's certificate has expired (NotAfter: ")
        .endsWith("); renew it at the broker");
  }

  @Test
  void aClientWithoutTlsAtAPortWithIsTold() {
    assertThat(failureAt("TLS", Map.of()))
        .isEqualTo(
            "TLS: no broker answered within 4 s: TLS speaks TLS, and this client does not; set"
                + " security.protocol in --kafkaConfig to SSL, or SASL_SSL with a user");
  }

  @Test
  void aClientWithTlsAtAPortWithoutIsTold() {
    String address = broker.bootstrapServers();
    assertThat(failure(at(address, tls())).replace(address, "PLAIN"))
        .contains("PLAIN speaks without TLS, and this client with it; use the broker's TLS port");
  }

  @Test
  void whereNothingListensIsTold() throws IOException {
    int port = FreePorts.find(1, new SplittableRandom(7)).get(0);
    String address = "127.0.0.1:" + port;

    assertThat(failure(at(address, Map.of())))
        .isEqualTo(
            address
                + ": no broker answered within 4 s: nothing listens at "
                + address
                + "; start the broker, or correct --bootstrapServers");
  }

  @Test
  void aStoreThatIsNotThereIsTold() {
    Map<String, String> client = new HashMap<>(tls());
    client.put("ssl.truststore.location", "/no/such/store.p12");

    assertThat(failureAt("TLS", client))
        .isEqualTo(
            "TLS: there is no file /no/such/store.p12; correct ssl.truststore.location or"
                + " ssl.keystore.location in --kafkaConfig");
  }

  @Test
  void aStoreThatDoesNotOpenIsTold() {
    Map<String, String> client = new HashMap<>(tls());
    client.put("ssl.truststore.password", "another");

    assertThat(failureAt("TLS", client))
        .isEqualTo(
            "TLS: a store of certificates does not open with its password; correct"
                + " ssl.truststore.password or ssl.keystore.password in --kafkaConfig");
  }
}
