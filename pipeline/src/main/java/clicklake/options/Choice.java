package clicklake.options;

/** One of the words that an option allows. */
interface Choice {
  /** As configuration spells it. */
  String text();
}
