package clicklake.io.landing;

import java.io.FileNotFoundException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.apache.beam.sdk.io.FileSystem;
import org.apache.beam.sdk.io.FileSystemRegistrar;
import org.apache.beam.sdk.io.fs.CreateOptions;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MoveOptions;
import org.apache.beam.sdk.io.fs.ResolveOptions;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.options.PipelineOptions;

/** An object store of scheme {@code scripted} that answers what the test has laid ready. */
public final class ScriptedStore extends FileSystem<ScriptedStore.Name> {
  private static final Deque<MatchResult> ANSWERS = new ArrayDeque<>();

  /** The next questions for names are answered with these, one each. */
  static void answer(MatchResult... answers) {
    ANSWERS.clear();
    ANSWERS.addAll(List.of(answers));
  }

  /** How many answers were not asked for. */
  static int left() {
    return ANSWERS.size();
  }

  /** A name with what the store says of it. */
  static MatchResult.Metadata object(String name, long size, long modified) {
    return MatchResult.Metadata.builder()
        .setResourceId(new Name(name))
        .setSizeBytes(size)
        .setLastModifiedMillis(modified)
        .setIsReadSeekEfficient(true)
        .build();
  }

  @Override
  protected List<MatchResult> match(List<String> specs) {
    List<MatchResult> found = new ArrayList<>();
    specs.forEach(spec -> found.add(ANSWERS.remove()));
    return found;
  }

  @Override
  protected WritableByteChannel create(Name name, CreateOptions options) {
    throw new UnsupportedOperationException();
  }

  @Override
  protected ReadableByteChannel open(Name name) throws FileNotFoundException {
    throw new FileNotFoundException(name.toString());
  }

  @Override
  protected void copy(List<Name> from, List<Name> to) {
    throw new UnsupportedOperationException();
  }

  @Override
  protected void rename(List<Name> from, List<Name> to, MoveOptions... options) {
    throw new UnsupportedOperationException();
  }

  @Override
  protected void delete(Collection<Name> names) {
    throw new UnsupportedOperationException();
  }

  @Override
  protected Name matchNewResource(String name, boolean directory) {
    return new Name(directory && !name.endsWith("/") ? name + "/" : name);
  }

  @Override
  protected String getScheme() {
    return "scripted";
  }

  /** Has Beam find the store. */
  public static final class Registrar implements FileSystemRegistrar {
    @Override
    public Iterable<FileSystem<?>> fromOptions(PipelineOptions options) {
      return List.of(new ScriptedStore());
    }
  }

  /** A name in the store. */
  record Name(String text) implements ResourceId {
    @Override
    public ResourceId resolve(String other, ResolveOptions options) {
      return new Name(
          text + other + (options == StandardResolveOptions.RESOLVE_DIRECTORY ? "/" : ""));
    }

    @Override
    public ResourceId getCurrentDirectory() {
      return new Name(text.substring(0, text.lastIndexOf('/') + 1));
    }

    @Override
    public String getScheme() {
      return "scripted";
    }

    @Override
    public String getFilename() {
      return text.substring(text.lastIndexOf('/') + 1);
    }

    @Override
    public boolean isDirectory() {
      return text.endsWith("/");
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
