package clicklake.io.delta;

import clicklake.io.storage.LakeFiles;
import clicklake.schemas.batch.DataFile;
import clicklake.schemas.table.TableLog;
import io.delta.kernel.commit.CommitFailedException;
import io.delta.kernel.commit.CommitMetadata;
import io.delta.kernel.commit.CommitResponse;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.internal.json.JsonUtils;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.actions.CommitInfo;
import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.internal.commit.DefaultFileSystemManagedTableOnlyCommitter;
import io.delta.kernel.internal.files.ParsedPublishedDeltaData;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts commits as Kernel makes them, except for words that Kernel has no setter for: the
 * operation's name, and the table's description.
 */
final class LogCommitter extends DefaultFileSystemManagedTableOnlyCommitter {
  /** The property that hands a commit the name of its operation. */
  static final String OPERATION = "operation";

  private final LakeFiles files;
  private final String description;

  /** What Kernel says of the commit that was tried last; null if there was none. */
  private @Nullable CommitInfo last;

  LogCommitter(LakeFiles files, String description) {
    this.files = files;
    this.description = description;
  }

  /** What Kernel calls the commit that was tried last; empty if it gave no name. */
  String transaction() {
    return last == null ? "" : last.getTxnId().orElse("");
  }

  /** The commit that was put last, as it would be read from the log. */
  CommitFile asCommitFile(long version, TableLog.Changes changes) {
    Map<String, Optional<String>> domains = new HashMap<>();
    changes.domains().forEach((domain, text) -> domains.put(domain, Optional.of(text)));
    return new CommitFile(
        new TableLog.LogCommit(
            version,
            changes.operation(),
            changes.adds(),
            changes.removes().stream().map(DataFile::path).toList(),
            false,
            changes.domains().keySet()),
        transaction(),
        domains,
        last == null
            ? null
            : Instant.ofEpochMilli(last.getInCommitTimestamp().orElse(last.getTimestamp())),
        false);
  }

  /** Puts the version by one call, where Kernel's own way asks for the file's status, too. */
  @Override
  public CommitResponse commit(
      Engine engine, CloseableIterator<Row> actions, CommitMetadata commitMetadata)
      throws CommitFailedException {
    commitMetadata.getReadProtocolOpt().ifPresent(this::validateProtocol);
    commitMetadata.getNewProtocolOpt().ifPresent(this::validateProtocol);
    String operation = commitMetadata.getCommitterProperties().get().get(OPERATION);
    last = commitMetadata.getCommitInfo();
    try {
      return files
          .putIfAbsent(
              commitMetadata.getPublishedDeltaFilePath(),
              actions.map(action -> JsonUtils.rowToJson(named(action, operation, commitMetadata))))
          .map(ParsedPublishedDeltaData::forFileStatus)
          .map(CommitResponse::new)
          .orElseThrow(
              () ->
                  new CommitFailedException(
                      true, true, "version " + commitMetadata.getVersion() + " is there"));
    } catch (IOException e) {
      throw new CommitFailedException(true, false, String.valueOf(e.getMessage()), e);
    }
  }

  private Row named(Row action, @Nullable String operation, CommitMetadata commitMetadata) {
    if (operation != null && !action.isNullAt(SingleAction.COMMIT_INFO_ORDINAL)) {
      CommitInfo info = commitMetadata.getCommitInfo();
      return SingleAction.createCommitInfoSingleAction(
          new CommitInfo(
                  info.getInCommitTimestamp(),
                  info.getTimestamp(),
                  info.getEngineInfo(),
                  Optional.of(operation),
                  info.getOperationParameters(),
                  info.getIsBlindAppend(),
                  info.getTxnId(),
                  info.getOperationMetrics())
              .toRow());
    }
    if (!action.isNullAt(SingleAction.METADATA_ORDINAL)) {
      Metadata metadata = Metadata.fromRow(action.getStruct(SingleAction.METADATA_ORDINAL));
      return SingleAction.createMetadataSingleAction(
          new Metadata(
                  metadata.getId(),
                  metadata.getName(),
                  Optional.of(description),
                  metadata.getFormat(),
                  metadata.getSchemaString(),
                  metadata.getSchema(),
                  metadata.getPartitionColumns(),
                  metadata.getCreatedTime(),
                  metadata.getConfigurationMapValue())
              .toRow());
    }
    return action;
  }
}
