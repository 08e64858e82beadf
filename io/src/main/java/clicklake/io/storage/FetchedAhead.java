package clicklake.io.storage;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that are fetched before somebody reads them; each is given once. Who does not come for a
 * file loses it to later ones. A file whose fetch failed is not there: its reader fetches it again,
 * and meets the failure. Safe for use by several threads.
 */
final class FetchedAhead {
  private static final Logger LOG = LoggerFactory.getLogger(FetchedAhead.class);

  private final Function<String, Future<byte[]>> fetch;
  private final Map<String, Future<byte[]>> files = new LinkedHashMap<>();

  /**
   * @param fetch begins to fetch a file
   */
  FetchedAhead(Function<String, Future<byte[]>> fetch) {
    this.fetch = fetch;
  }

  /** Begins to fetch a file, unless it is there already. */
  synchronized void fetch(String path) {
    if (files.containsKey(path)) {
      return;
    }
    files.put(path, fetch.apply(path));
    if (files.size() > LakeFiles.READ_AHEAD) {
      String oldest = files.keySet().iterator().next();
      Future<byte[]> unread = files.remove(oldest);
      if (unread != null) {
        unread.cancel(false);
      }
    }
  }

  /** Gives a file, and waits for it if it is on its way; empty if it is not. */
  Optional<byte[]> take(String path) {
    Future<byte[]> file = remove(path);
    if (file == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(file.get());
    } catch (ExecutionException e) {
      LOG.debug("reading {} ahead failed; it is read again", path, e);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private synchronized @Nullable Future<byte[]> remove(String path) {
    return files.remove(path);
  }
}
