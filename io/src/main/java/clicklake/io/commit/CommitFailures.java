package clicklake.io.commit;

import clicklake.io.ledger.Ledger;
import clicklake.schemas.offset.SourcePartition;
import clicklake.schemas.table.CorruptTableException;
import clicklake.schemas.table.LakeException;
import org.jspecify.annotations.Nullable;

/** What can go wrong in a commit, in words: operation, thing and remedy. */
final class CommitFailures {
  private CommitFailures() {}

  static LakeException ledgerTooLong(String table, int characters, Ledger ledger) {
    return new LakeException(
        "cannot commit to "
            + table
            + ": its ledger would be "
            + characters
            + " characters long, for "
            + ledger.partitions().size()
            + " partitions or files and "
            + ledger.outbox().size()
            + " commits whose rejects are not in quarantine yet, and a log holds up to "
            + Ledger.MAX_CHARACTERS
            + "; nothing was committed: offer fewer landing files at a time, or larger ones, and if"
            + " quarantine cannot be written, mend that first");
  }

  static LakeException gapOfAnother(SourcePartition partition, SourcePartition known) {
    return new LakeException(
        "accepting a gap of "
            + partition
            + ": it is "
            + partition.identity()
            + " at its source, "
            + known.identity()
            + " in the lake; give the source another name, or use another lake");
  }

  static LakeException interrupted(String table, InterruptedException cause) {
    return new LakeException(table + ": interrupted while waiting to commit", cause);
  }

  static CorruptTableException notQuarantine(String table, String domain) {
    return new CorruptTableException(
        table
            + ": the table has no Delta domain "
            + domain
            + ", so it was not made by Clicklake; use another --lake or move the table away");
  }

  static CorruptTableException otherFormat(
      String table, String domain, @Nullable Object format, int known) {
    return new CorruptTableException(
        table
            + ": the domain "
            + domain
            + " has format "
            + format
            + ", this version of Clicklake knows format "
            + known
            + "; run the version that wrote it, or a newer one");
  }
}
