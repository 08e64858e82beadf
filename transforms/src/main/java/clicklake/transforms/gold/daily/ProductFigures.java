package clicklake.transforms.gold.daily;

import org.jspecify.annotations.Nullable;

/** Events, purchases and revenue of a product. */
public final class ProductFigures {
  /** The largest decimal(18,4), in ten-thousandths. */
  private static final long MAX_REVENUE = 999_999_999_999_999_999L;

  private long events;
  private long purchases;
  private long priced;
  private long revenue;
  private boolean tooLarge;
  private boolean mixed;
  private @Nullable String currency;

  /** Adds an event that is no purchase with a price. */
  public void addEvent(boolean purchase) {
    events++;
    purchases += purchase ? 1 : 0;
  }

  /**
   * Adds a purchase.
   *
   * @param price of one, in ten-thousandths, not negative
   * @param quantity at least 1
   */
  public void addPurchase(long price, int quantity, @Nullable String currencyOfPrice) {
    addEvent(true);
    long maxQuantity = price == 0 ? Long.MAX_VALUE : MAX_REVENUE / price;
    addRevenue(1, quantity > maxQuantity ? null : price * quantity);
    addCurrency(currencyOfPrice);
  }

  /** Adds what a row holds. */
  public void addRow(
      long moreEvents,
      long morePurchases,
      @Nullable Long moreRevenue,
      @Nullable String rowCurrency,
      boolean rowMixed,
      long morePriced) {
    events += moreEvents;
    purchases += morePurchases;
    mixed |= rowMixed;
    if (morePriced > 0) {
      addRevenue(morePriced, rowMixed ? Long.valueOf(0) : moreRevenue);
      addCurrency(rowCurrency);
    }
  }

  /** No part is negative, so that a sum which was once too large stays so in any order. */
  private void addRevenue(long number, @Nullable Long more) {
    priced += number;
    if (more == null || more > MAX_REVENUE - revenue) {
      tooLarge = true;
    }
    revenue = tooLarge ? 0 : revenue + more;
  }

  private void addCurrency(@Nullable String other) {
    if (other != null) {
      mixed |= currency != null && !currency.equals(other);
      currency = other;
    }
  }

  public long events() {
    return events;
  }

  public long purchases() {
    return purchases;
  }

  /** Purchases with a price. */
  public long priced() {
    return priced;
  }

  /** Whether prices are in several currencies. */
  public boolean mixed() {
    return mixed;
  }

  /** The one currency of all prices; null if there is none or they differ. */
  @Nullable String currency() {
    return mixed ? null : currency;
  }

  /**
   * Ten-thousandths; null if currencies differ, there is no price, or it has more than 18 digits.
   */
  @Nullable Long revenue() {
    return mixed || tooLarge || priced == 0 ? null : revenue;
  }
}
