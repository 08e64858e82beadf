package clicklake.io.landing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicklake.io.SourceException;
import clicklake.io.landing.folder.FileChangedException;
import clicklake.io.landing.folder.LandingFile;
import clicklake.io.landing.folder.LandingFolder;
import clicklake.io.landing.folder.LandingSettings;
import clicklake.io.source.FakeLake;
import clicklake.io.source.ReadSettings;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.UnboundedSource.UnboundedReader;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MatchResult.Status;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an object store answers, and what is made of it. */
class RemoteFolderTest {
  private static final long T = 1_767_225_600_000L;
  private static final String FOLDER = "scripted://bucket/in";
  private static final MatchResult REFUSED =
      MatchResult.create(Status.ERROR, new IOException("the token has expired (403)"));
  private static final MatchResult NOTHING =
      MatchResult.create(Status.NOT_FOUND, new FileNotFoundException("nothing"));
  private static final MatchResult EMPTY = MatchResult.create(Status.OK, List.of());
  private static final MatchResult ONE =
      MatchResult.create(
          Status.OK, List.of(ScriptedStore.object("scripted://bucket/in/a.ndjson", 4, T)));
  private static final LandingFile A = new LandingFile("a.ndjson", 4, T);
  private static final String NOT_LISTED =
      "Listing the landing folder scripted://bucket/in/: java.io.IOException: the token has expired"
          + " (403); check that it can be read";

  private final PipelineOptions options = PipelineOptionsFactory.create();

  @BeforeEach
  void findTheStore() {
    FileSystems.setDefaultPipelineOptions(options);
  }

  @Test
  void aStoreThatRefusesIsNoEmptyFolder() {
    ScriptedStore.answer(REFUSED);
    LandingSource source =
        LandingSource.of(LandingSettings.of(FOLDER), ReadSettings.DEFAULT, new FakeLake());

    assertThatThrownBy(source::plan).isInstanceOf(SourceException.class).hasMessage(NOT_LISTED);
  }

  @Test
  void aStoreThatRefusesEndsAContinuousJob() throws IOException {
    ScriptedStore.answer(REFUSED);
    try (UnboundedReader<?> reader =
        new LandingUnboundedSource(LandingSettings.of(FOLDER), ReadSettings.DEFAULT, new FakeLake())
            .createReader(options, null)) {
      assertThatThrownBy(reader::start).isInstanceOf(SourceException.class).hasMessage(NOT_LISTED);
    }
  }

  @Test
  void aFileThatAStoreRefusesToShowIsNoDeletedOne() {
    ScriptedStore.answer(REFUSED);

    assertThatThrownBy(() -> LandingFolder.of(FOLDER).check(A))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(FileChangedException.class)
        .hasMessage("the token has expired (403)");
  }

  @Test
  void aFileThatIsNotThereIsDeleted() {
    ScriptedStore.answer(NOTHING);

    assertThatThrownBy(() -> LandingFolder.of(FOLDER).check(A))
        .isInstanceOf(FileChangedException.class)
        .hasMessage("a.ndjson was deleted");
  }

  @Test
  void aFolderIsEmptyIfTwoListingsSaySo() throws IOException {
    ScriptedStore.answer(NOTHING, ONE, NOTHING);
    assertThat(LandingFolder.of(FOLDER).list().files()).containsExactly(A);
    assertThat(ScriptedStore.left()).isOne();

    ScriptedStore.answer(NOTHING, EMPTY, ONE);
    assertThat(LandingFolder.of(FOLDER).list().files()).isEmpty();
    assertThat(ScriptedStore.left()).isOne();
  }
}
