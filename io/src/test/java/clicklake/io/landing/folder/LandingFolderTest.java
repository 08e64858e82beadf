package clicklake.io.landing.folder;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import clicklake.io.SourceException;
import clicklake.io.testing.ChildProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What is listed is read, refused, or named. */
class LandingFolderTest {
  private static final long T = 1_767_225_600_000L;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  // Times.

  @Test
  void filesOfAnyModificationTimeAreListed() throws Exception {
    write("epoch.ndjson", 0);
    write("before.ndjson", 0);
    // Java moves times before 1970 to 1970.
    Process touch =
        new ProcessBuilder(
                "touch",
                "-d",
                "1969-12-30T23:59:59.999Z",
                folder.resolve("before.ndjson").toString())
            .start();
    assertThat(touch.waitFor()).isZero();
    write("now.ndjson", T);
    Files.setLastModifiedTime(
        Files.writeString(folder.resolve("half.ndjson"), "x\n"),
        FileTime.from(java.time.Instant.ofEpochSecond(0, 500_000)));

    assertThat(list())
        .containsExactly(
            "before.ndjson file:2:-86400001",
            "epoch.ndjson file:2:0",
            "half.ndjson file:2:0",
            "now.ndjson file:2:" + T);
  }

  // Names.

  @Test
  void anyNameThatIsUtf8IsListedAndOpened() throws IOException {
    List<String> names =
        List.of(
            "line\nfeed.ndjson",
            " blanks .ndjson",
            "*?[a]{b,c}\\.ndjson",
            "50%25 #1?q='\".ndjson",
            "größe/日本語/\uD83D\uDE00.ndjson",
            "replacement \uFFFD.ndjson",
            "cr\r\t\u0007.ndjson",
            "~/-x.ndjson",
            "n".repeat(255 - 7) + ".ndjson");
    for (String name : names) {
      write(name, T);
    }

    LandingFolder listed = LandingFolder.of(folder.toString());

    assertThat(listed.list().files())
        .extracting(LandingFile::path)
        .containsExactlyInAnyOrderElementsOf(names);
    assertThat(listed.list().obstacles()).isEmpty();
    for (LandingFile file : listed.list().files()) {
      assertThat(content(listed, file)).isEqualTo("x\n");
    }
  }

  @Test
  void theFolderItselfMayHaveAnyName() throws IOException {
    Path strange = Files.createDirectory(folder.resolve("[a]*{ä}?\\ %41"));
    Files.writeString(strange.resolve("f.ndjson"), "x\n");

    LandingFolder listed = LandingFolder.of(strange.toString());

    assertThat(listed.list().files()).extracting(LandingFile::path).containsExactly("f.ndjson");
    assertThat(content(listed, listed.list().files().get(0))).isEqualTo("x\n");
  }

  @Test
  void endingsCountInCapitalsToo() throws IOException {
    for (String name :
        List.of("a.NDJSON", "b.JsonL", "c.JSON.GZ", "d.json.Zst", "e.ndjson.BZ2", "f.GZ")) {
      write(name, T);
    }

    assertThat(LandingFolder.of(folder.toString()).list().files())
        .extracting(LandingFile::path)
        .containsExactly("a.NDJSON", "b.JsonL", "c.JSON.GZ", "d.json.Zst", "e.ndjson.BZ2");
  }

  @Test
  void namesThatAreLeftOutAreCountedInOneLine() throws IOException {
    write("a.ndjson", T);
    write("b.csv", T);
    ListAppender<ILoggingEvent> log = capture();

    readable(false);
    readable(false);
    write("c.ndjson.tmp", T);
    write("_hidden/d.ndjson", T);
    write("_hidden/e.ndjson", T);
    readable(false);
    Files.delete(folder.resolve("c.ndjson.tmp"));
    readable(false);

    assertThat(messages(log))
        .extracting(message -> message.replaceAll("such as .*:", "such as X:"))
        .containsExactly(leftOut(1), leftOut(3));
  }

  private String leftOut(int count) {
    return "In the landing folder "
        + folder
        + "/ "
        + count
        + " names are left out, such as X: read are files that end in .ndjson, .jsonl or .json,"
        + " perhaps with .gz, .zst or .bz2, and not what begins with . or _";
  }

  @Test
  void aNameThatIsNotUtf8IsNamed() throws IOException {
    rawWrite("caf%E9.ndjson");
    rawWrite("caf%E9.csv");
    Files.createDirectory(raw("stra%DFe"));
    rawWrite("stra%DFe/inner.ndjson");
    ListAppender<ILoggingEvent> log = capture();

    assertThat(readable(false)).isEmpty();
    readable(false);

    assertThat(messages(log))
        .containsExactlyInAnyOrder(
            passedOver("caf%E9.ndjson", "its name is not UTF-8; give it another name"),
            passedOver("stra%DFe", "its name is not UTF-8; give it another name"),
            things(2),
            leftOut(1).replace("X", "caf%E9.csv"));
    assertThatThrownBy(() -> readable(true))
        .isInstanceOf(SourceException.class)
        .hasMessageEndingWith(": its name is not UTF-8; give it another name");
  }

  @Test
  void filesAreFoundUnderALocaleThatCannotSpellTheirNames() throws IOException {
    write("größe/日本語.ndjson", T);
    write("plain.ndjson", T + 1);
    rawWrite("caf%E9.ndjson");

    assertThat(listedBy(child().environment("LC_ALL", "POSIX")))
        .containsExactlyInAnyOrder(
            "file "
                + URLEncoder.encode("größe", UTF_8)
                + "/"
                + URLEncoder.encode("日本語.ndjson", UTF_8)
                + " x",
            "file plain.ndjson x",
            "obstacle caf%25E9.ndjson");
  }

  // Links and other things.

  @Test
  void linksAreFollowedButNotInALoop() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("_elsewhere"));
    Files.writeString(elsewhere.resolve("linked.ndjson"), "x\n");
    Files.createDirectory(folder.resolve("sub"));
    write("sub/a.ndjson", T);
    Files.createSymbolicLink(folder.resolve("sub/loop"), Path.of("."));
    Files.createSymbolicLink(folder.resolve("sub/up"), Path.of(".."));
    Files.createSymbolicLink(folder.resolve("there"), elsewhere);
    Files.createSymbolicLink(folder.resolve("b.ndjson"), elsewhere.resolve("linked.ndjson"));
    Files.createSymbolicLink(folder.resolve("dangling.ndjson"), Path.of("nowhere"));
    Files.createSymbolicLink(folder.resolve("self.ndjson"), Path.of("self.ndjson"));
    Files.createSymbolicLink(folder.resolve(".hidden"), Path.of("nowhere"));
    ListAppender<ILoggingEvent> log = capture();

    assertThat(readable(false))
        .extracting(LandingFile::path)
        .containsExactlyInAnyOrder("sub/a.ndjson", "there/linked.ndjson", "b.ndjson");

    String loop = "the link leads back to a folder that it lies in; remove it";
    String nowhere = "the link leads nowhere, or where it may not be followed; mend or remove it";
    assertThat(messages(log))
        .contains(
            passedOver("sub/loop", loop),
            passedOver("sub/up", loop),
            passedOver("dangling.ndjson", nowhere),
            passedOver("self.ndjson", nowhere),
            things(4));
  }

  @Test
  @Timeout(30)
  void aPipeIsNamedAndNeverOpened() throws Exception {
    pipe("pipe.ndjson");
    write("a.ndjson", T);
    LandingFolder listed = LandingFolder.of(folder.toString());
    ListAppender<ILoggingEvent> log = capture();

    assertThat(readable(true)).extracting(LandingFile::path).containsExactly("a.ndjson");
    LandingFile file = listed.list().files().get(0);
    Files.delete(folder.resolve("a.ndjson"));
    pipe("a.ndjson");

    assertThatThrownBy(() -> listed.open(file))
        .isInstanceOf(FileChangedException.class)
        .hasMessage("a.ndjson was deleted");
    assertThat(messages(log))
        .containsExactly(
            passedOver("pipe.ndjson", "it is no regular file (a pipe, a socket or a device)"),
            things(1));
  }

  private void pipe(String name) throws Exception {
    assertThat(new ProcessBuilder("mkfifo", folder.resolve(name).toString()).start().waitFor())
        .isZero();
  }

  @Test
  void whatMayNotBeReadIsNamedAndTheRestIsRead() throws IOException {
    write("locked/inner.ndjson", T);
    write("a.ndjson", T);
    write("b.ndjson", T);
    Files.setPosixFilePermissions(
        folder.resolve("locked"), PosixFilePermissions.fromString("---------"));
    Files.setPosixFilePermissions(
        folder.resolve("b.ndjson"), PosixFilePermissions.fromString("---------"));
    try {
      assertThat(listedBy(child().withoutRootsRights()))
          .containsExactlyInAnyOrder(
              "file a.ndjson x",
              "broken b.ndjson: Reading landing file b.ndjson in "
                  + folder
                  + "/: it is there and cannot be opened (permission denied); give the user that"
                  + " runs Clicklake read access to it",
              "obstacle locked");
      Files.setPosixFilePermissions(
          folder.resolve("locked"), PosixFilePermissions.fromString("rwxr-xr-x"));
      assertThat(listedBy(child().withoutRootsRights()))
          .contains("file locked/inner.ndjson x")
          .noneMatch(line -> line.startsWith("obstacle"));
    } finally {
      Files.setPosixFilePermissions(
          folder.resolve("locked"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @Test
  void aFolderThatMayNotBeListedEndsAStrictJob() {
    Listing listing =
        new Listing(
            List.of(),
            List.of(new Listing.Obstacle("sub", "it is locked; open it", true)),
            0,
            null);

    assertThatThrownBy(
            () -> new PassedOver().readable(LandingFolder.of(folder.toString()), listing, true))
        .isInstanceOf(SourceException.class)
        .hasMessage("Reading sub in the landing folder " + folder + "/: it is locked; open it");
  }

  // The child that looks with other eyes.

  private ChildProcess.Builder child() {
    return ChildProcess.java(Look.class.getName()).flags("-Xmx128m").arguments(folder.toString());
  }

  private List<String> listedBy(ChildProcess.Builder builder) {
    List<String> lines = new ArrayList<>();
    try (ChildProcess child = builder.start()) {
      assertThat(child.waitFor(PATIENCE)).isZero();
      child.output().stream()
          .filter(line -> line.startsWith("> "))
          .forEach(line -> lines.add(line.substring(2)));
    }
    return lines;
  }

  /** Prints what it finds in a folder, in ASCII. */
  static final class Look {
    private Look() {}

    public static void main(String[] arguments) throws IOException {
      LandingFolder folder = LandingFolder.of(arguments[0]);
      Listing listing = folder.list();
      for (Listing.Obstacle obstacle : listing.obstacles()) {
        System.out.println("> obstacle " + URLEncoder.encode(obstacle.name(), UTF_8));
      }
      for (LandingFile file : listing.files()) {
        String name = URLEncoder.encode(file.path(), UTF_8).replace("%2F", "/");
        try {
          System.out.println("> file " + name + " " + content(folder, file).strip());
        } catch (FileBrokenException broken) {
          System.out.println("> broken " + name + ": " + broken.said());
        }
      }
    }
  }

  private static String content(LandingFolder folder, LandingFile file) throws IOException {
    try (InputStream in = Channels.newInputStream(folder.open(file))) {
      return new String(in.readAllBytes(), ISO_8859_1);
    }
  }

  private List<String> list() throws IOException {
    return LandingFolder.of(folder.toString()).list().files().stream()
        .map(file -> file.path() + " " + file.identity())
        .toList();
  }

  private List<LandingFile> readable(boolean strict) throws IOException {
    LandingFolder listed = LandingFolder.of(folder.toString());
    return PassedOver.in(folder.toString()).readable(listed, listed.list(), strict);
  }

  private String passedOver(String name, String why) {
    return "Reading "
        + name
        + " in the landing folder "
        + folder
        + "/: "
        + why
        + "; it is passed over";
  }

  private String things(int count) {
    return "In the landing folder "
        + folder
        + "/ "
        + count
        + " things are passed over, each named when it was first seen";
  }

  private static ListAppender<ILoggingEvent> capture() {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    ((Logger) LoggerFactory.getLogger(PassedOver.class)).addAppender(log);
    return log;
  }

  private List<String> messages(ListAppender<ILoggingEvent> log) {
    return log.list.stream()
        .map(ILoggingEvent::getFormattedMessage)
        .filter(message -> message.contains(folder.toString()))
        .toList();
  }

  /** By the name's bytes, so that the test needs no locale of its own. */
  private void write(String name, long modified) throws IOException {
    Path file = Utf8Names.below(folder, name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "x\n");
    Files.setLastModifiedTime(file, FileTime.fromMillis(modified));
  }

  private Path raw(String encoded) {
    return Path.of(URI.create(folder.toUri() + encoded));
  }

  private void rawWrite(String encoded) throws IOException {
    Files.writeString(raw(encoded), "x\n");
  }
}
