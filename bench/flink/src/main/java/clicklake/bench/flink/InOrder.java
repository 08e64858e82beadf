package clicklake.bench.flink;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.assigners.FileSplitAssigner;

/** Files by name, oldest first; Flink's own order would make whole files late. */
final class InOrder implements FileSplitAssigner {
  private final Deque<FileSourceSplit> splits = new ArrayDeque<>();

  InOrder(Collection<FileSourceSplit> splits) {
    addSplits(splits);
  }

  @Override
  public Optional<FileSourceSplit> getNext(String host) {
    return Optional.ofNullable(splits.poll());
  }

  @Override
  public void addSplits(Collection<FileSourceSplit> added) {
    List<FileSourceSplit> all = new ArrayList<>(splits);
    all.addAll(added);
    all.sort(Comparator.comparing(split -> split.path().getPath()));
    splits.clear();
    splits.addAll(all);
  }

  @Override
  public Collection<FileSourceSplit> remainingSplits() {
    return splits;
  }
}
