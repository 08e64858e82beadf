package clicklake.io.landing;

import clicklake.io.landing.folder.FileBrokenException;
import clicklake.io.landing.folder.FileChangedException;
import clicklake.io.landing.folder.LandingFolder;
import clicklake.io.landing.folder.LandingSettings;
import clicklake.io.landing.folder.PassedOver;
import clicklake.io.source.ReadSettings;
import clicklake.io.source.SourceCounters;
import clicklake.schemas.batch.RawBatch;
import java.io.IOException;
import org.apache.beam.sdk.transforms.DoFn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads planned ranges of landing files. */
final class LandingRangeFn extends DoFn<LandingRange, RawBatch> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(LandingRangeFn.class);

  private final LandingSettings settings;
  private final ReadSettings reading;

  LandingRangeFn(LandingSettings settings, ReadSettings reading) {
    this.settings = settings;
    this.reading = reading;
  }

  @ProcessElement
  public void read(@Element LandingRange range, OutputReceiver<RawBatch> out) throws IOException {
    LandingFolder folder = LandingFolder.of(settings);
    PassedOver passedOver = PassedOver.in(settings.folder());
    for (FileSpan span : range.spans()) {
      if (passedOver.isDamaged(span.file()) && !PassedOver.undecided(span.seen())) {
        continue;
      }
      try (FileBlocks blocks = FileBlocks.open(folder, span, reading)) {
        for (LineBlocks.Block block = blocks.next(); block != null; block = blocks.next()) {
          out.output(FileBlocks.batch(span, block, span.seen()));
        }
      } catch (FileChangedException changed) {
        LOG.warn("Landing file {}; the next listing decides", changed.getMessage());
        SourceCounters.FILES_CHANGED.inc();
      } catch (FileBrokenException broken) {
        if (passedOver.add(span.file(), broken, settings.strictFiles())) {
          broken.counter().inc();
        }
      }
    }
  }
}
