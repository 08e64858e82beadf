package clicklake.schemas.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The contract in the languages of others, and examples of it, as they lie in this module's jar.
 */
public final class ContractFiles {
  /** JSON Schema 2020-12 of version 1. */
  public static final String JSON_SCHEMA_V1 = "clickstream.v1.schema.json";

  /** JSON Schema 2020-12 of version 2. */
  public static final String JSON_SCHEMA_V2 = "clickstream.v2.schema.json";

  /** JSON Schema 2020-12 of the {@code user-events} dialect. */
  public static final String JSON_SCHEMA_USER_EVENTS = "user-events.schema.json";

  /** Avro schema of version 1. */
  public static final String AVRO_V1 = "clickstream.v1.avsc";

  /** Avro schema of version 2; it can read what was written by version 1. */
  public static final String AVRO_V2 = "clickstream.v2.avsc";

  /** Open Data Contract Standard 3. */
  public static final String DATA_CONTRACT = "clickstream.odcs.yaml";

  private ContractFiles() {}

  /**
   * The content of a file.
   *
   * @param name one of the constants, or {@link Example#file()}
   * @throws IllegalArgumentException if there is none of that name
   */
  public static byte[] read(String name) {
    try (InputStream stream =
        ContractFiles.class.getResourceAsStream("/clicklake/contract/" + name)) {
      if (stream == null) {
        throw new IllegalArgumentException("the contract has no file " + name);
      }
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the contract's file " + name, e);
    }
  }

  /** All examples, sorted by file name. */
  public static List<Example> examples() {
    return new String(read("examples/index.txt"), UTF_8)
        .lines()
        .map(name -> new Example("examples/" + name))
        .toList();
  }

  /**
   * One record, good or bad. Its file's name tells which: {@code good/…} or {@code bad/reason-…};
   * {@code user-events} in it tells the dialect.
   *
   * @param file the name to {@link ContractFiles#read} it by
   */
  public record Example(String file) {
    private static final String BAD = "examples/bad/";

    /** Whether it is a valid event. */
    public boolean isGood() {
      return !file.startsWith(BAD);
    }

    /**
     * Why it is refused.
     *
     * @throws IllegalStateException if it is good
     */
    public RejectReason reason() {
      if (isGood()) {
        throw new IllegalStateException(file + " is a valid event");
      }
      String code = file.substring(BAD.length(), file.indexOf('-'));
      return RejectReason.ofCode(code);
    }

    public Dialect dialect() {
      return file.contains(Dialect.USER_EVENTS.text()) ? Dialect.USER_EVENTS : Dialect.CLICKSTREAM;
    }
  }
}
