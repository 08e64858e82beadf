package clicklake.options.value;

/** One of the words that an option allows. */
public interface NamedEnum {
  /** As configuration spells it. */
  String text();
}
