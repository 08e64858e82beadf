package clicklake.bench.compare;

/** Results as tests need them: a million records of 60 MB of bronze and 40 MB of silver. */
final class Results {
  private Results() {}

  static Result files(String contestant, double cpu) {
    return new Result(
        "2026-01-16T00:00:00Z",
        contestant,
        "files",
        0,
        0,
        1_000_000,
        cpu / 2,
        cpu,
        1234,
        101_000_000,
        60_000_000,
        40_000_000,
        contestant.startsWith("clicklake") ? 3 : 0,
        1.25,
        "",
        "");
  }

  static Result kafka(String contestant, int partitions, double cpu) {
    Result of = files(contestant, cpu);
    return new Result(
        of.at(),
        contestant,
        "kafka",
        partitions,
        0,
        of.records(),
        of.seconds(),
        cpu,
        of.peakMb(),
        of.bytes(),
        of.bronzeBytes(),
        of.silverBytes(),
        of.commits(),
        of.load(),
        "",
        "");
  }

  static Result portions(String contestant, int portions, double cpu) {
    Result of = files(contestant, cpu);
    return new Result(
        of.at(),
        contestant,
        "files",
        0,
        portions,
        of.records(),
        of.seconds(),
        cpu,
        of.peakMb(),
        of.bytes(),
        of.bronzeBytes(),
        of.silverBytes(),
        portions,
        of.load(),
        "",
        "");
  }

  static Result with(Result of, String options, String wrong) {
    return new Result(
        of.at(),
        of.contestant(),
        of.source(),
        of.partitions(),
        of.portions(),
        of.records(),
        of.seconds(),
        of.cpu(),
        of.peakMb(),
        of.bytes(),
        of.bronzeBytes(),
        of.silverBytes(),
        of.commits(),
        of.load(),
        options,
        wrong);
  }
}
