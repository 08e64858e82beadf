package clicklake.options;

import clicklake.schemas.contract.Dialect;
import clicklake.transforms.parse.ParserSettings;
import clicklake.transforms.pseudonym.PseudonymKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the pipeline does with records.
 *
 * @param source where they come from
 * @param pollEvery between two listings of the landing folder
 * @param dialect how they spell events
 * @param mode how the graph is run
 * @param availableNow ends after what was there at the start
 * @param commitEvery between two commits of a table
 * @param dedupeHorizon how far apart event_times of one event may be
 * @param allowedFuture how far event_time may lie after arrival
 * @param maxRecordSize in bytes; larger records are rejects
 * @param maxKeptSize in bytes; of larger records only the head is kept
 * @param strictFiles stops at a landing file that cannot be read to its end
 * @param acceptGap goes on after records that retention removed before they were read
 * @param ipHashKey for pseudonyms of IP addresses; null drops them
 * @param shards into which events are cut by their ids
 * @param maxInFlight in bytes, read and not yet committed
 * @param rereadAfter how long a position may stay undecided before it is read again
 * @param liveEvery between two refreshes of the live tables, at least; zero for none
 * @param allowedLateness how long after a minute's end the live tables count its events
 * @param refreshGold between two refreshes of gold; null for none
 * @param smallRefresh in bytes; a refresh that reads no more is done without the runner
 */
public record StreamSettings(
    SourceKind source,
    Duration pollEvery,
    Dialect dialect,
    Mode mode,
    boolean availableNow,
    Duration commitEvery,
    Duration dedupeHorizon,
    Duration allowedFuture,
    int maxRecordSize,
    int maxKeptSize,
    boolean strictFiles,
    boolean acceptGap,
    @Nullable PseudonymKey ipHashKey,
    int shards,
    long maxInFlight,
    Duration rereadAfter,
    Duration liveEvery,
    Duration allowedLateness,
    @Nullable Duration refreshGold,
    long smallRefresh) {

  /** The same for one round: up to what is there now. */
  public StreamSettings upToNow() {
    return new StreamSettings(
        source,
        pollEvery,
        dialect,
        mode,
        true,
        commitEvery,
        dedupeHorizon,
        allowedFuture,
        maxRecordSize,
        maxKeptSize,
        strictFiles,
        acceptGap,
        ipHashKey,
        shards,
        maxInFlight,
        rereadAfter,
        liveEvery,
        allowedLateness,
        refreshGold,
        smallRefresh);
  }

  /** The part that decides about single records. */
  public ParserSettings parser() {
    return new ParserSettings(dialect, allowedFuture, maxRecordSize, ipHashKey);
  }
}
