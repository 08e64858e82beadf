package clicklake.transforms.gold;

/** The figures of a key that is only there or not. */
enum Present {
  YES
}
