package clicklake.io.lookup;

import clicklake.io.ledger.LedgerTable;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.lake.LakeCoverage.Generation;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.FileBounds;
import clicklake.schemas.table.LandedGeneration;
import clicklake.schemas.table.TableChanges;
import clicklake.schemas.table.TableLog.TableState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/*
 * A ledger lists finished landing files for a while; afterwards only bronze's rows tell that a file was
 * read. To ask them at every listing would be to read most of bronze every few seconds: names are
 * often random, and then the bounds of every file hold them all. So a file of bronze is asked once in a
 * process, and what it said is kept: 28 bytes of an array a generation, about 50 with the room that a
 * hash table needs, the path of each file that was asked, and path and bounds of each that was not.
 * New files come from the log, commit by commit. A landing file's path is known by 64 bits of its
 * SHA-256; for two to be taken for one, they would need the same size and modification time as well.
 *
 * Rows hold a file's modification time, but not its size. Bronze's files carry it in their
 * key-value metadata, where it costs 38 bytes a generation. Other engines that rewrite
 * a file drop it; then the size is not known any more.
 */

/** Which generations of landing files bronze holds rows of. Safe for use by several threads. */
public final class LandedFiles {
  /** Beyond this many versions it is cheaper to list all files than to follow the log. */
  private static final int MAX_COMMITS = 100;

  private final LedgerTable bronze;
  private final Index index = new Index();
  private String tableId = "";

  /** The version of bronze whose files are known. */
  private long version = -1;

  private Set<String> asked = new HashSet<>();
  private Map<String, Unasked> unasked = new HashMap<>();

  /**
   * A file that was not asked yet.
   *
   * @param file without its statistics
   * @param sources the bounds of its sources
   */
  private record Unasked(DataFile file, FileBounds.Texts sources) {
    static Unasked of(DataFile file) {
      return new Unasked(file.withoutStats(), FileBounds.of(file).texts("_source"));
    }
  }

  public LandedFiles(LedgerTable bronze) {
    this.bronze = bronze;
  }

  /** Of each of these paths that bronze has rows of, the generations. */
  public synchronized Map<String, List<Generation>> generations(
      LedgerTable.Base base, Set<String> paths) {
    ask(base, paths);
    Map<String, List<Generation>> found = new TreeMap<>();
    for (String path : paths) {
      List<Generation> generations = index.generations(LandedGeneration.hash(path));
      if (!generations.isEmpty()) {
        found.put(path, generations);
      }
    }
    return found;
  }

  /** Whether bronze has a row of one of these partitions, by path and number. */
  public synchronized boolean holdsAny(
      LedgerTable.Base base, Collection<SourcePartition> partitions) {
    Map<String, Set<Integer>> numbers = new HashMap<>();
    for (SourcePartition partition : partitions) {
      numbers.computeIfAbsent(partition.source(), path -> new HashSet<>()).add(partition.number());
    }
    return generations(base, numbers.keySet()).entrySet().stream()
        .anyMatch(
            found ->
                found.getValue().stream()
                    .anyMatch(
                        generation -> numbers.get(found.getKey()).contains(generation.number())));
  }

  /** Asks the files that may hold one of the paths and were not asked before. */
  private void ask(LedgerTable.Base base, Set<String> paths) {
    follow(base.state());
    List<byte[]> sorted =
        paths.stream()
            .map(path -> path.getBytes(StandardCharsets.UTF_8))
            .sorted(Arrays::compareUnsigned)
            .toList();
    for (Iterator<Unasked> i = unasked.values().iterator(); i.hasNext(); ) {
      Unasked file = i.next();
      if (file.sources().mayHoldAny(sorted)) {
        bronze.files().landed(file.file()).forEach(index::add);
        asked.add(file.file().path());
        i.remove();
      }
    }
  }

  /** Brings the files that are known to a version of bronze, or leaves them at a later one. */
  private void follow(TableState state) {
    if (!tableId.equals(state.tableId())) {
      tableId = state.tableId();
      version = -1;
      asked = new HashSet<>();
      unasked = new HashMap<>();
      index.clear();
    }
    if (version >= state.version()) {
      return;
    }
    if (version < 0 || state.version() - version > MAX_COMMITS || !readCommits(state)) {
      list(state);
    }
    version = state.version();
  }

  /** Reads the commits since the version that is known; false if they do not tell all. */
  private boolean readCommits(TableState state) {
    Optional<TableChanges<Unasked>> changes =
        TableChanges.betweenUnlessRearranged(bronze.log(), version, state.version(), Unasked::of);
    changes.ifPresent(
        rows -> {
          unasked.keySet().removeAll(rows.removed());
          rows.added()
              .forEach(
                  (path, file) -> {
                    if (!asked.contains(path)) {
                      unasked.put(path, file);
                    }
                  });
        });
    return changes.isPresent();
  }

  private void list(TableState state) {
    Set<String> stillAsked = new HashSet<>();
    Map<String, Unasked> others = new HashMap<>();
    bronze
        .log()
        .showFiles(
            state,
            null,
            file -> {
              if (asked.contains(file.path())) {
                stillAsked.add(file.path());
              } else {
                others.put(file.path(), Unasked.of(file));
              }
            });
    asked = stillAsked;
    unasked = others;
  }

  /** Generations by the hash of their path, in open addressing. */
  private static final class Index {
    private static final int LEAST = 1 << 10;

    private long[] paths = new long[LEAST];
    private long[] times = new long[LEAST];
    private long[] sizes = new long[LEAST];
    private int[] numbers = new int[LEAST];
    private int count;

    /** Numbers are kept plus one: 0 says that the place is free. */
    void add(LandedGeneration landed) {
      if (count * 5L >= paths.length * 3L) {
        grow();
      }
      int at = place(landed.path());
      while (numbers[at] != 0) {
        if (paths[at] == landed.path()
            && numbers[at] == landed.number() + 1
            && times[at] == landed.modifiedMillis()
            && (sizes[at] == landed.size() || sizes[at] < 0 || landed.size() < 0)) {
          // What some file knows of the size is true for all rows of the generation.
          sizes[at] = Math.max(sizes[at], landed.size());
          return;
        }
        at = (at + 1) & (paths.length - 1);
      }
      paths[at] = landed.path();
      numbers[at] = landed.number() + 1;
      times[at] = landed.modifiedMillis();
      sizes[at] = landed.size();
      count++;
    }

    public List<Generation> generations(long path) {
      List<Generation> found = new ArrayList<>();
      for (int at = place(path); numbers[at] != 0; at = (at + 1) & (paths.length - 1)) {
        if (paths[at] == path) {
          found.add(new Generation(numbers[at] - 1, times[at], sizes[at]));
        }
      }
      found.sort(Comparator.comparingInt(Generation::number));
      return found;
    }

    void clear() {
      resize(LEAST);
    }

    private int place(long path) {
      return (int) path & (paths.length - 1);
    }

    private void grow() {
      long[] oldPaths = paths;
      long[] oldTimes = times;
      long[] oldSizes = sizes;
      int[] oldNumbers = numbers;
      resize(Math.multiplyExact(paths.length, 2));
      for (int i = 0; i < oldPaths.length; i++) {
        if (oldNumbers[i] != 0) {
          add(new LandedGeneration(oldPaths[i], oldNumbers[i] - 1, oldTimes[i], oldSizes[i]));
        }
      }
    }

    private void resize(int length) {
      paths = new long[length];
      times = new long[length];
      sizes = new long[length];
      numbers = new int[length];
      count = 0;
    }
  }
}
