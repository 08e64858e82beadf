package clicklake.io.storage;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Content of commits and checksums of Delta logs, by path, and the tags that a store has given
 * them. A name's content never changes, unless the table is deleted and made again: then its tag
 * changes, and a listing, which comes before every reading of a whole log, shows that.
 */
final class LogFileCache {
  /** The largest file that is kept: a commit with a long ledger. */
  static final int MAX_FILE_BYTES = 2 << 20;

  /** The most files that are read ahead of their use. */
  static final int MAX_AHEAD = 200;

  private static final long MAX_BYTES = 32L << 20;
  private static final int MAX_TAGS = 10_000;
  private static final Pattern LOG_FILE = Pattern.compile(".*/_delta_log/\\d{20}\\.(json|crc)");

  private final Map<String, Entry> contents = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, String> tags =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MAX_TAGS;
        }
      };
  private long bytes;

  private record Entry(String tag, byte[] content) {}

  static boolean isLogFile(String path) {
    return LOG_FILE.matcher(path).matches();
  }

  synchronized byte @Nullable [] find(String path) {
    Entry entry = contents.get(path);
    return entry == null ? null : entry.content();
  }

  /** The tag that the store gave last; null if it is not known. */
  synchronized @Nullable String tag(String path) {
    return tags.get(path);
  }

  /** Notes a tag; content under another one is forgotten. */
  synchronized void seen(String path, String tag) {
    if (isLogFile(path)) {
      Entry entry = contents.get(path);
      if (entry != null && !entry.tag().equals(tag)) {
        remove(path);
      }
      tags.put(path, tag);
    }
  }

  synchronized void put(String path, String tag, byte[] content) {
    if (!isLogFile(path)) {
      return;
    }
    remove(path);
    tags.put(path, tag);
    if (content.length > MAX_FILE_BYTES) {
      return;
    }
    contents.put(path, new Entry(tag, content));
    bytes += content.length;
    var eldest = contents.entrySet().iterator();
    while (bytes > MAX_BYTES && eldest.hasNext()) {
      bytes -= eldest.next().getValue().content().length;
      eldest.remove();
    }
  }

  synchronized void forget(String path) {
    remove(path);
    tags.remove(path);
  }

  private void remove(String path) {
    Entry entry = contents.remove(path);
    if (entry != null) {
      bytes -= entry.content().length;
    }
  }
}
