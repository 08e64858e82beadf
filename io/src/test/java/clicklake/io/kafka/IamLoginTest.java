package clicklake.io.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.io.SourceException;
import clicklake.io.broker.LocalBroker.Listener;
import clicklake.io.testing.KafkaBroker;
import clicklake.io.testing.TlsCertificate;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.security.auth.Subject;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.spi.LoginModule;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way into MSK by an identity of AWS, as far as it goes without AWS. */
class IamLoginTest {
  private static final String MODULE = "software.amazon.msk.auth.iam.IAMLoginModule";
  private static final String HANDLER = "software.amazon.msk.auth.iam.IAMClientCallbackHandler";
  private static final Map<String, String> IDENTITY =
      Map.of("aws.accessKeyId", "AKIDEXAMPLE", "aws.secretAccessKey", "a secret of tests");

  @TempDir Path folder;

  @BeforeEach
  void haveAnIdentity() {
    IDENTITY.forEach(System::setProperty);
  }

  @AfterEach
  void haveNone() {
    IDENTITY.keySet().forEach(System::clearProperty);
  }

  @Test
  void theFirstMessageIsSignedByTheIdentity() throws Exception {
    LoginModule module = create(MODULE, LoginModule.class);
    module.initialize(new Subject(), null, Map.of(), Map.of());
    assertThat(module.login()).isTrue();
    AuthenticateCallbackHandler handler = create(HANDLER, AuthenticateCallbackHandler.class);
    handler.configure(
        Map.of(),
        "AWS_MSK_IAM",
        List.of(new AppConfigurationEntry(MODULE, LoginModuleControlFlag.REQUIRED, Map.of())));

    SaslClient client =
        Sasl.createSaslClient(
            new String[] {"AWS_MSK_IAM"},
            null,
            "kafka",
            "b-1.clicks.abcdef.c2.kafka.eu-central-1.amazonaws.com",
            Map.of(),
            handler);

    JsonNode message = new JsonMapper().readTree(client.evaluateChallenge(new byte[0]));
    assertThat(message.path("action").asText()).isEqualTo("kafka-cluster:Connect");
    assertThat(message.path("host").asText()).startsWith("b-1.clicks.");
    assertThat(message.path("x-amz-credential").asText())
        .matches("AKIDEXAMPLE/\\d{8}/eu-central-1/kafka-cluster/aws4_request");
    assertThat(message.path("x-amz-signature").asText()).matches("[0-9a-f]{64}");
    assertThat(message.toString()).doesNotContain("secret");
  }

  private static <T> T create(String name, Class<T> type) throws ReflectiveOperationException {
    return type.cast(Class.forName(name).getDeclaredConstructor().newInstance());
  }

  @Test
  void aBrokerWithoutIamIsTold() {
    TlsCertificate authority = TlsCertificate.authority(folder);
    Map<String, String> users =
        new HashMap<>(
            Map.of(
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.location",
                authority.issue("server", "ip:127.0.0.1").toString(),
                "ssl.keystore.password",
                TlsCertificate.PASSWORD,
                "sasl.enabled.mechanisms",
                "SCRAM-SHA-512",
                "scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;"));
    try (KafkaBroker broker =
        KafkaBroker.startNew(List.of(new Listener("USERS", "SASL_SSL", users)))) {
      String address = broker.bootstrapServers("USERS");
      KafkaSettings settings =
          KafkaSettings.of(address, broker.newTopic("iam", 1))
              .withAnswerWithin(Duration.ofSeconds(10))
              .withClient(
                  Map.of(
                      "security.protocol",
                      "SASL_SSL",
                      "ssl.truststore.location",
                      authority.trustStore().toString(),
                      "ssl.truststore.password",
                      TlsCertificate.PASSWORD,
                      "sasl.mechanism",
                      "AWS_MSK_IAM",
                      "sasl.jaas.config",
                      MODULE + " required;",
                      "sasl.client.callback.handler.class",
                      HANDLER));

      assertThatThrownBy(() -> KafkaTopics.of(settings).describe())
          .isInstanceOf(SourceException.class)
          .hasMessage(
              "Reading topic "
                  + settings.topic()
                  + " at "
                  + address
                  + ": Client SASL mechanism 'AWS_MSK_IAM' not enabled in the server, enabled"
                  + " mechanisms are [SCRAM-SHA-512]; set sasl.mechanism in --kafkaConfig to one"
                  + " that it has");
    }
  }
}
