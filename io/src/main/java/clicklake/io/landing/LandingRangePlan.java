package clicklake.io.landing;

import clicklake.io.landing.folder.FileBrokenException;
import clicklake.io.landing.folder.FileChangedException;
import clicklake.io.landing.folder.LandingFailures;
import clicklake.io.landing.folder.LandingFile;
import clicklake.io.landing.folder.LandingFolder;
import clicklake.io.landing.folder.LandingSettings;
import clicklake.io.landing.folder.Listing;
import clicklake.io.landing.folder.PassedOver;
import clicklake.schemas.lake.LakeCoverage;
import clicklake.schemas.offset.SourcePartition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts the unfinished files of a listing into ranges of about equal size: large plain files at line
 * feeds, with the index of each range's first line known; small files several to a range, but no
 * more than {@value #MAX_FILES} and not with long names, because a worker takes a range in one
 * piece.
 */
final class LandingRangePlan {
  private static final Logger LOG = LoggerFactory.getLogger(LandingRangePlan.class);
  private static final int BUFFER = 1 << 20;

  /** A batch a file, and each batch costs its way through the pipeline. */
  private static final int MAX_FILES = 500;

  private static final int MAX_NAME_BYTES = 128 << 10;

  private final LandingFolder folder;
  private final long rangeBytes;
  private final List<LandingRange> ranges = new ArrayList<>();
  private List<FileSpan> together = new ArrayList<>();
  private long togetherBytes;
  private long togetherNames;

  private LandingRangePlan(LandingFolder folder, LandingSettings settings) {
    this.folder = folder;
    this.rangeBytes = settings.rangeBytes();
  }

  static List<LandingRange> of(
      LandingFolder folder,
      LandingSettings settings,
      PassedOver passedOver,
      LakeCoverage lake,
      Set<LandingFile> done)
      throws IOException {
    LandingRangePlan plan = new LandingRangePlan(folder, settings);
    // The listing first: a file finished in between is then known as finished.
    Listing listing = folder.list();
    LakeCoverage.View view = lake.read();
    view.bronze().keySet().stream()
        .filter(partition -> PassedOver.undecided(view.seen(partition)))
        .forEach(passedOver::again);
    List<LandingFile> files = passedOver.readable(folder, listing, settings.strictFiles());
    done.retainAll(new HashSet<>(files));
    Map<LandingFile, SourcePartition> unfinished =
        Generations.unfinished(files, view, lake, List.of(), done);
    for (Map.Entry<LandingFile, SourcePartition> entry : unfinished.entrySet()) {
      SourcePartition partition = entry.getValue();
      plan.add(
          FileSpan.from(entry.getKey(), partition, view.next(partition), view.seen(partition)));
    }
    plan.endTogether();
    return plan.ranges;
  }

  /** The same ranges, of what the lake does not cover now. */
  static List<LandingRange> renewed(
      List<LandingRange> ranges, LakeCoverage lake, Set<LandingFile> done) {
    List<LandingFile> files =
        ranges.stream()
            .flatMap(range -> range.spans().stream())
            .map(FileSpan::file)
            .distinct()
            .toList();
    LakeCoverage.View view = lake.read();
    Map<LandingFile, SourcePartition> unfinished =
        Generations.unfinished(files, view, lake, List.of(), done);
    List<LandingRange> renewed = new ArrayList<>();
    for (LandingRange range : ranges) {
      List<FileSpan> spans = new ArrayList<>();
      for (FileSpan span : range.spans()) {
        SourcePartition partition = unfinished.get(span.file());
        if (partition != null) {
          spans.add(span.seenAs(partition, view.next(partition), view.seen(partition)));
        }
      }
      if (!spans.isEmpty()) {
        renewed.add(new LandingRange(spans));
      }
    }
    return renewed;
  }

  private void add(FileSpan whole) throws IOException {
    LandingFile file = whole.file();
    if (file.size() > rangeBytes && !file.compressed()) {
      try {
        cut(whole);
      } catch (FileChangedException changed) {
        LOG.warn(
            "Landing file {} while it was planned; the next listing decides", changed.getMessage());
      } catch (FileBrokenException broken) {
        // Its reader meets the same failure, reports and counts it.
        ranges.add(new LandingRange(List.of(whole)));
      }
      return;
    }
    if (togetherBytes + file.size() > rangeBytes
        || together.size() == MAX_FILES
        || togetherNames + file.path().length() > MAX_NAME_BYTES) {
      endTogether();
    }
    together.add(whole);
    togetherBytes += file.size();
    togetherNames += file.path().length();
  }

  private void endTogether() {
    if (!together.isEmpty()) {
      ranges.add(new LandingRange(together));
      together = new ArrayList<>();
      togetherBytes = 0;
      togetherNames = 0;
    }
  }

  /** One pass over the file that only counts line feeds. */
  private void cut(FileSpan whole) throws IOException {
    List<FileSpan> spans = new ArrayList<>();
    long spanLine = 0;
    long spanByte = 0;
    long line = 0;
    long at = 0;
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Channels.newInputStream(folder.open(whole.file()))) {
      long left = whole.file().size();
      while (left > 0) {
        int length = read(in, buffer, (int) Math.min(BUFFER, left), whole.file());
        if (length == 0) {
          throw LandingFailures.endedEarly(whole.file(), left);
        }
        left -= length;
        int start = 0;
        if (at + length - spanByte >= rangeBytes) {
          int feed =
              firstLineFeed(buffer, (int) Math.max(0, spanByte + rangeBytes - 1 - at), length);
          if (feed < length) {
            line += LineBlocks.countLineFeeds(buffer, 0, feed + 1);
            start = feed + 1;
            long cutAt = at + start;
            if (line > whole.fromLine()) {
              spans.add(span(whole, spanLine, spanByte, cutAt));
            }
            spanLine = line;
            spanByte = cutAt;
          }
        }
        line += LineBlocks.countLineFeeds(buffer, start, length);
        at += length;
      }
    }
    if (spanByte < whole.file().size() || spans.isEmpty()) {
      spans.add(span(whole, spanLine, spanByte, whole.file().size()));
    }
    for (FileSpan span : spans) {
      ranges.add(new LandingRange(List.of(span)));
    }
  }

  private int read(InputStream in, byte[] buffer, int length, LandingFile file) throws IOException {
    try {
      return in.readNBytes(buffer, 0, length);
    } catch (ClosedChannelException interrupted) {
      throw interrupted;
    } catch (IOException failure) {
      throw folder.failed(file, failure);
    }
  }

  private static FileSpan span(FileSpan whole, long atLine, long fromByte, long toByte) {
    return new FileSpan(
        whole.file(),
        whole.partition(),
        Math.max(whole.fromLine(), atLine),
        atLine,
        fromByte,
        toByte,
        whole.seen());
  }

  private static int firstLineFeed(byte[] buffer, int start, int length) {
    int i = start;
    while (i < length && buffer[i] != '\n') {
      i++;
    }
    return i;
  }
}
