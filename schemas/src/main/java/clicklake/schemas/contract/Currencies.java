package clicklake.schemas.contract;

import java.util.BitSet;
import java.util.Currency;

/** The ISO 4217 currency codes that the Java runtime knows, past ones included. */
public final class Currencies {
  private static final BitSet KNOWN = new BitSet(26 * 26 * 26);

  static {
    for (Currency currency : Currency.getAvailableCurrencies()) {
      String code = currency.getCurrencyCode();
      KNOWN.set(index(code.charAt(0), code.charAt(1), code.charAt(2)));
    }
  }

  private Currencies() {}

  /** Whether three ASCII characters are a known code. */
  public static boolean isKnown(int first, int second, int third) {
    return isCapital(first)
        && isCapital(second)
        && isCapital(third)
        && KNOWN.get(index(first, second, third));
  }

  private static boolean isCapital(int character) {
    return character >= 'A' && character <= 'Z';
  }

  private static int index(int first, int second, int third) {
    return ((first - 'A') * 26 + second - 'A') * 26 + third - 'A';
  }
}
