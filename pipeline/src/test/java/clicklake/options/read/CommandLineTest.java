package clicklake.options.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import clicklake.options.ConfigException;
import clicklake.options.Job;
import clicklake.options.Secrets;
import clicklake.options.Settings;
import clicklake.options.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {
  private static final Map<String, String> NO_VARIABLES = Map.of();

  @TempDir private Path folder;

  @Test
  void theCommandLineOutranksTheEnvironmentAndThatYamlAndThatTheDefault() throws IOException {
    String config = yaml("commitEvery: 2s\npollEvery: 2m\nrereadAfter: 2h\n");
    Invocation.Run run =
        run(
            Map.of("CLICKLAKE_COMMIT_EVERY", "3s", "CLICKLAKE_POLL_EVERY", "3m"),
            "stream",
            "--config=" + config,
            "--commitEvery=4s");

    assertThat(run.settings().stream().commitEvery()).isEqualTo(Duration.ofSeconds(4));
    assertThat(run.settings().stream().pollEvery()).isEqualTo(Duration.ofMinutes(3));
    assertThat(run.settings().stream().rereadAfter()).isEqualTo(Duration.ofHours(2));
    assertThat(run.settings().stream().dedupeHorizon()).isEqualTo(Duration.ofHours(24));
    assertThat(run.values())
        .contains(
            "commitEvery=4s (command line)",
            "pollEvery=3m (CLICKLAKE_POLL_EVERY)",
            "rereadAfter=2h (" + config + ":3)",
            "dedupeHorizon=24h (default)");
  }

  @Test
  void beamsOptionsCarryOurs() {
    Invocation.Run run = run(NO_VARIABLES, "stream", "--availableNow", "--lake=/tmp/x");

    assertThat(run.options().isAvailableNow()).isTrue();
    assertThat(run.options().getLake()).isEqualTo("/tmp/x");
    assertThat(run.options().getCommitEvery()).isEqualTo("5s");
    assertThat(run.options().getDlqTopic()).isNull();
    assertThat(run.options().getJobName()).isEqualTo("clicklake-stream");
    assertThat(Settings.from(Job.STREAM, run.options())).isEqualTo(run.settings());
  }

  @Test
  void optionsOfTheRunnerPassThroughFromEveryPlace() throws IOException {
    String config = yaml("runner: DirectRunner\nblockOnRun: false\nfilesToStage: [a, b]\n");
    Invocation.Run run =
        run(
            Map.of("CLICKLAKE_TEMP_LOCATION", "/tmp/y"),
            "stream",
            "--config=" + config,
            "--targetParallelism=3",
            "--jobName=mine");

    assertThat(run.options().as(DirectOptions.class).getTargetParallelism()).isEqualTo(3);
    assertThat(run.options().as(DirectOptions.class).isBlockOnRun()).isFalse();
    assertThat(run.options().as(PipelineOptions.class).getTempLocation()).isEqualTo("/tmp/y");
    assertThat(run.options().getJobName()).isEqualTo("mine");
    assertThat(run.options().getRunner().getSimpleName()).isEqualTo("DirectRunner");
  }

  @Test
  void theRunnerDecidesADefaultThatNobodyGave() {
    int cores = Math.max(2, Runtime.getRuntime().availableProcessors());
    Invocation.Run silent = run(NO_VARIABLES, "stream", "--lake=/tmp/x");
    Invocation.Run given = run(NO_VARIABLES, "stream", "--lake=/tmp/x", "--shards=7");

    assertThat(silent.settings().stream().shards()).isEqualTo(Math.min(cores, 4));
    assertThat(silent.options().as(DirectOptions.class).getTargetParallelism()).isEqualTo(cores);
    assertThat(Settings.from(Job.STREAM, silent.options())).isEqualTo(silent.settings());
    assertThat(silent.values())
        .anySatisfy(
            line ->
                assertThat(line)
                    .matches("shards=\\d \\(/clicklake/runners/DirectRunner.yaml:\\d+\\)"));
    assertThat(given.settings().stream().shards()).isEqualTo(7);
  }

  @Test
  void anUnknownKeyIsAFaultWithTheNearestNameWhereverItStands() throws IOException {
    String config = yaml("lake: /tmp/lake\ncomitEvery: 5s\n");
    assertFaults(
        Map.of("CLICKLAKE_SHARD", "4", "CLICKLAKE_NONSENSE_VALUE", "", "HOME", "/root"),
        List.of("stream", "--config=" + config, "--commit-every=5s", "--qqqqqq=secret"),
        "unknown option --commit-every; did you mean --commitEvery?",
        "unknown option --qqqqqq",
        "unknown environment variable CLICKLAKE_NONSENSE_VALUE",
        "unknown environment variable CLICKLAKE_SHARD; did you mean CLICKLAKE_SHARDS?",
        config + ":2:1: unknown key comitEvery; did you mean commitEvery?");
  }

  @Test
  void aMisspeltOptionOfTheRunnerIsNamedToo() {
    assertFaults(
        NO_VARIABLES,
        List.of("stream", "--targetParalelism=3", "--flinkMaster=local"),
        "unknown option --targetParalelism; did you mean --targetParallelism?",
        "unknown option --flinkMaster; this build has no such runner on its class path");
  }

  @Test
  void faultsOfTheLineAndOfTheValuesAreListedTogether() {
    assertFaults(
        NO_VARIABLES,
        List.of("stream", "stray", "--lake", "--shards=x", "--topic=a", "--topic=b"),
        "unexpected argument stray; options are written --key=value",
        "--lake needs a value: --lake=…",
        "--topic is given twice",
        "shards=x (command line): is not a whole number");
  }

  @Test
  void anOptionOfAnotherJobIsRefusedOnTheCommandLineOnly() throws IOException {
    String config = yaml("rate: 10\nshards: 8\n");
    assertFaults(
        NO_VARIABLES,
        List.of("verify", "--rate=10"),
        "--rate is no option of verify; it belongs to produce");
    assertThat(
            run(Map.of("CLICKLAKE_TO", "landing"), "verify", "--config=" + config, "--json").job())
        .isEqualTo(Job.VERIFY);
  }

  @Test
  void malformedYamlIsOneLineWithItsPlace() throws IOException {
    String config = yaml("lake: /tmp/lake\nlanding: [unclosed\n");
    assertFaults(
        NO_VARIABLES,
        List.of("stream", "--config=" + config),
        config + ":3:1: not YAML: expected ',' or ']', but got <stream end>");
  }

  @Test
  void yamlIsFlatAndSaysEveryKeyOnce() throws IOException {
    String config =
        yaml(
            "kafka:\n  topic: a\nshards:\n  count: 4\nlake: a\nlake: b\nconfig: other\n? [x]\n: 1\n");
    assertFaults(
        NO_VARIABLES,
        List.of("stream", "--config=" + config),
        config + ":1:1: unknown key kafka",
        config + ":4:3: shards must have a plain value; keys are not nested here",
        config + ":6:1: lake is already set in line 5",
        config + ":7:1: config is for the command line; a file names no other file",
        config + ":8:3: a key must be a plain word");
  }

  @Test
  void yamlThatIsNoMappingIsRefused() throws IOException {
    String config = yaml("- lake\n- landing\n");
    assertFaults(
        NO_VARIABLES,
        List.of("stream", "--config=" + config),
        config + ":1:1: not a mapping; write lines of key: value");
  }

  @Test
  void emptyYamlAndKeysWithoutValuesSayNothing() throws IOException {
    String config = yaml("# nothing\n");
    String unset = Files.writeString(folder.resolve("b.yaml"), "dlqTopic:\nshards: ~\n").toString();

    assertThat(run(NO_VARIABLES, "stream", "--config=" + config).settings())
        .isEqualTo(run(NO_VARIABLES, "stream").settings());
    assertThat(run(NO_VARIABLES, "stream", "--config=" + unset).settings())
        .isEqualTo(run(NO_VARIABLES, "stream").settings());
  }

  @Test
  void yamlCannotMakeObjects() throws IOException {
    String config = yaml("lake: !!javax.script.ScriptEngineManager [x]\n");
    assertFaults(
        NO_VARIABLES,
        List.of("stream", "--config=" + config),
        config
            + ":1:7: not YAML: Global tag is not allowed:"
            + " tag:yaml.org,2002:javax.script.ScriptEngineManager");
  }

  @Test
  void aMissingConfigurationFileIsNamed() {
    assertFaults(
        Map.of("CLICKLAKE_CONFIG", "/nowhere/x.yaml"),
        List.of("stream"),
        "config=/nowhere/x.yaml (CLICKLAKE_CONFIG): there is no such file");
  }

  @Test
  void kafkasVariableIsReadAndOursOutranksIt() {
    assertThat(servers(Map.of("KAFKA_BOOTSTRAP_SERVERS", "a:1"))).isEqualTo("a:1");
    assertThat(
            servers(Map.of("KAFKA_BOOTSTRAP_SERVERS", "a:1", "CLICKLAKE_BOOTSTRAP_SERVERS", "b:2")))
        .isEqualTo("b:2");
    assertThat(servers(Map.of("KAFKA_BOOTSTRAP_SERVERS", "a:1", "CLICKLAKE_BOOTSTRAP_SERVERS", "")))
        .isEqualTo("a:1");
  }

  private static String servers(Map<String, String> variables) {
    return run(variables, "stream").settings().kafka().bootstrapServers();
  }

  @Test
  void anEmptyValueUnsetsWhatMayBeUnset() throws IOException {
    String config = yaml("dlqTopic: dead\nbootstrapServers: a:1\n");
    assertThat(
            run(NO_VARIABLES, "stream", "--config=" + config, "--dlqTopic=")
                .settings()
                .kafka()
                .dlqTopic())
        .isNull();
    assertFaults(
        NO_VARIABLES,
        List.of("stream", "--topic="),
        "topic= (command line): is not a topic's name; use up to 249 letters, digits, dots,"
            + " underscores and hyphens");
  }

  @Test
  void aRunnerThatIsNotThereIsAFault() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> run(NO_VARIABLES, "stream", "--runner=FlinkRunner"))
        .withMessageStartingWith("runner=FlinkRunner (command line): ")
        .withMessageContaining("DirectRunner");
  }

  @Test
  void secretsAreNotPrinted() {
    Invocation.Run run =
        run(Map.of("CLICKLAKE_USER_AGENT", "https://me:hunter2@example.com/"), "stream");

    assertThat(run.values()).contains("userAgent=https://***@example.com/ (CLICKLAKE_USER_AGENT)");
    assertThat(Secrets.mask("awsCredentialsProvider", "{\"key\":\"hunter2\"}")).isEqualTo("***");
    assertThat(Secrets.mask("ipHashKeyFile", "/run/secrets/key")).isEqualTo("/run/secrets/key");
  }

  @Test
  void anUnknownJobIsBadUsageWithTheNearestWord() {
    assertUsage(
        List.of("steam"),
        "unknown job steam; did you mean stream? The jobs are demo, produce, stream, gold, verify, clickhouse");
    assertUsage(
        List.of("maintain"),
        "unknown job maintain. The jobs are demo, produce, stream, gold, verify, clickhouse");
    assertUsage(
        List.of("--lake=secret"),
        "the first word must be a job, not --lake."
            + " The jobs are demo, produce, stream, gold, verify, clickhouse");
    assertUsage(
        List.of(),
        "no job named; the first word is one of demo, produce, stream, gold, verify, clickhouse");
  }

  @Test
  void helpListsTheJobs() {
    for (List<String> arguments : List.of(List.of("--help"), List.of("-h"), List.of("help"))) {
      assertThat(help(arguments))
          .contains("Jobs:\n  demo     Everything on this machine")
          .contains("  verify   Recounts every source position");
    }
  }

  @Test
  void helpOfAJobListsItsOptionsOnly() {
    for (List<String> arguments : List.of(List.of("gold", "--help"), List.of("help", "gold"))) {
      assertThat(help(arguments).lines().filter(line -> line.startsWith("  --")))
          .containsExactly(
              "  --config=<file>                          YAML file with options; not allowed inside"
                  + " such a file",
              "  --lake=<path>                            Where the tables are: a folder or"
                  + " s3://bucket/prefix [./lake]",
              "  --s3Endpoint=<url>                       Address of a store that speaks S3; AWS if"
                  + " unset",
              "  --s3Region=<name>                        Region of the bucket; what the environment"
                  + " says if unset",
              "  --s3PathStyle                            Names the bucket in the path and not in the"
                  + " host, as most other stores want it",
              "  --s3Sse=<none|AES256|aws:kms>            How the store encrypts objects; none leaves"
                  + " it to the bucket [none]",
              "  --s3KmsKey=<arn>                         Key for s3Sse=aws:kms; the bucket's own if"
                  + " unset",
              "  --s3Config=<file>                        Properties file for the store: accessKeyId,"
                  + " secretAccessKey, sessionToken, proxy; the SDK's own chain if unset",
              "  --stateDir=<path>                        Where a runner inside this process and what"
                  + " does not fit the heap have their files, all temporary; may be deleted at any"
                  + " time; java.io.tmpdir if unset",
              "  --allowedLateness=<duration>             The live tables count an event that"
                  + " arrives this long after its minute's end, at most [2m]",
              "  --smallRefresh=<size>                    A refresh of gold that reads no more than"
                  + " this is done without the runner [8MiB]",
              "  --clickhouse=<url>                       ClickHouse that shows figures of the minute"
                  + " and gold: http://host:8123 or https://host:8443; none if unset",
              "  --clickhouseConfig=<file>                Properties file for ClickHouse: user,"
                  + " password, certificates (a PEM file), answerWithinSeconds",
              "  --every=<duration>                       Refreshes again and again at this"
                  + " interval; once if unset");
    }
  }

  private static String help(List<String> arguments) {
    Invocation invocation = CommandLine.parse(arguments, NO_VARIABLES);
    assertThat(invocation).isInstanceOf(Invocation.ShowHelp.class);
    return ((Invocation.ShowHelp) invocation).text();
  }

  private String yaml(String text) throws IOException {
    return Files.writeString(folder.resolve("a.yaml"), text).toString();
  }

  private static Invocation.Run run(Map<String, String> variables, String... arguments) {
    return (Invocation.Run) CommandLine.parse(List.of(arguments), variables);
  }

  private static void assertUsage(List<String> arguments, String message) {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> CommandLine.parse(arguments, NO_VARIABLES))
        .withMessage(message);
  }

  private static void assertFaults(
      Map<String, String> variables, List<String> arguments, String... faults) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> CommandLine.parse(arguments, variables))
        .satisfies(e -> assertThat(e.faults()).containsExactlyInAnyOrder(faults));
  }
}
