package clicklake.io.landing;

import clicklake.io.source.SourceCounters;
import clicklake.schemas.batch.RawBatch;
import java.io.IOException;
import org.apache.beam.sdk.transforms.DoFn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads planned ranges of landing files. */
final class ReadRangeFn extends DoFn<LandingRange, RawBatch> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(ReadRangeFn.class);

  private final String folderName;
  private final int batchBytes;

  ReadRangeFn(String folderName, int batchBytes) {
    this.folderName = folderName;
    this.batchBytes = batchBytes;
  }

  @ProcessElement
  public void read(@Element LandingRange range, OutputReceiver<RawBatch> out) throws IOException {
    LandingFolder folder = new LandingFolder(folderName);
    for (FileSpan span : range.spans()) {
      try (FileBlocks blocks = FileBlocks.open(folder, span, batchBytes)) {
        for (LineBlocks.Block block = blocks.next(); block != null; block = blocks.next()) {
          out.output(batch(span, block));
        }
      } catch (FileChanged changed) {
        LOG.warn("Landing file {}; the next listing decides", changed.getMessage());
        SourceCounters.FILES_CHANGED.inc();
      }
    }
  }

  private static RawBatch batch(FileSpan span, LineBlocks.Block block) {
    return RawBatch.ofLines(
        span.partition(),
        block.from(),
        block.to(),
        block.last(),
        span.seen().within(block.from(), block.to()),
        span.file().modifiedMillis(),
        block.bytes());
  }
}
