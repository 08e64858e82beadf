package clicklake.options;

/** One of the words that an option allows. */
interface NamedEnum {
  /** As configuration spells it. */
  String text();
}
