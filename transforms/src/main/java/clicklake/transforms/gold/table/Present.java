package clicklake.transforms.gold.table;

/** The figures of a key that is only there or not. */
public enum Present {
  YES
}
