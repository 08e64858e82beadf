package clicklake.bench.floor;

/** What a worker does with a batch of lines, in this order. */
enum Phase {
  READ,
  PARSE,
  DEDUPE,
  PSEUDONYMS,
  BRONZE,
  SILVER,
  MINUTES,
  QUARANTINE
}
