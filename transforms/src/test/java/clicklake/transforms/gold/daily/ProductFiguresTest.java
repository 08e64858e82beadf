package clicklake.transforms.gold.daily;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProductFiguresTest {
  private static final long MAX_REVENUE = 999_999_999_999_999_999L;

  private record Purchase(long price, int quantity, @Nullable String currency) {}

  private static ProductFigures of(List<Purchase> purchases) {
    ProductFigures figures = new ProductFigures();
    purchases.forEach(one -> figures.addPurchase(one.price(), one.quantity(), one.currency()));
    return figures;
  }

  private static List<@Nullable Object> values(ProductFigures figures) {
    List<@Nullable Object> values = new ArrayList<>();
    values.add(figures.events());
    values.add(figures.purchases());
    values.add(figures.priced());
    values.add(figures.mixed());
    values.add(figures.currency());
    values.add(figures.revenue());
    return values;
  }

  private static void add(ProductFigures to, ProductFigures row) {
    to.addRow(
        row.events(), row.purchases(), row.revenue(), row.currency(), row.mixed(), row.priced());
  }

  @Property(tries = 500)
  void rowsOfPartsAddUpToTheRowOfAll(@ForAll long seed) {
    Random random = new Random(seed);
    String[] currencies = random.nextBoolean() ? new String[] {"EUR"} : new String[] {"EUR", "USD"};
    List<Purchase> purchases = new ArrayList<>();
    for (int i = random.nextInt(12); i > 0; i--) {
      purchases.add(
          new Purchase(
              random.nextInt(6) == 0 ? MAX_REVENUE - random.nextInt(2) : random.nextInt(1_000),
              random.nextInt(10) == 0 ? Integer.MAX_VALUE : 1 + random.nextInt(3),
              random.nextInt(3) == 0 ? null : currencies[random.nextInt(currencies.length)]));
    }
    ProductFigures whole = of(purchases);
    Collections.shuffle(purchases, random);
    ProductFigures sum = new ProductFigures();
    for (int from = 0; from < purchases.size(); ) {
      int to = Math.min(purchases.size(), from + 1 + random.nextInt(4));
      add(sum, of(purchases.subList(from, to)));
      from = to;
    }

    assertThat(values(sum)).isEqualTo(values(whole));
  }

  @Test
  void revenueIsPriceTimesQuantity() {
    ProductFigures figures =
        of(List.of(new Purchase(12_500, 2, "EUR"), new Purchase(5_000, 1, null)));
    figures.addEvent(false);
    figures.addEvent(true);

    assertThat(values(figures)).containsExactly(4L, 3L, 2L, false, "EUR", 30_000L);
  }

  @Test
  void differentCurrenciesHaveNoRevenue() {
    assertThat(values(of(List.of(new Purchase(1, 1, "EUR"), new Purchase(1, 1, "USD")))))
        .containsExactly(2L, 2L, 2L, true, null, null);
  }

  @Test
  void theLargestRevenueHasEighteenDigits() {
    assertThat(of(List.of(new Purchase(MAX_REVENUE, 1, null))).revenue()).isEqualTo(MAX_REVENUE);
    assertThat(of(List.of(new Purchase(MAX_REVENUE, 1, null), new Purchase(0, 9, null))).revenue())
        .isEqualTo(MAX_REVENUE);
    assertThat(of(List.of(new Purchase(MAX_REVENUE, 1, null), new Purchase(1, 1, null))).revenue())
        .isNull();
    assertThat(of(List.of(new Purchase(MAX_REVENUE / 2 + 1, 2, null))).revenue()).isNull();
  }

  @Test
  void withoutAPriceThereIsNoRevenue() {
    ProductFigures figures = new ProductFigures();
    figures.addEvent(true);

    assertThat(values(figures)).containsExactly(1L, 1L, 0L, false, null, null);
  }
}
