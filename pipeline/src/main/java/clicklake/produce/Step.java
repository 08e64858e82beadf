package clicklake.produce;

import clicklake.schemas.contract.Action;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a shopper stands in the shop: the states of a Markov chain. Of those who put something into
 * the cart three in ten buy.
 */
enum Step {
  HOME(Action.VIEW),
  SEARCH(Action.VIEW),
  PRODUCT(Action.VIEW),
  DETAILS(Action.CLICK),
  CART(Action.ADD_TO_CART),
  CHECKOUT(Action.CLICK),
  PURCHASE(Action.PURCHASE),
  LOGIN(Action.LOGIN),
  LOGOUT(Action.LOGOUT),
  /** Gone: the session is over, and nothing is sent. */
  LEAVE(null);

  private static final Step[] STEPS = values();

  /** Chances in percent of going on to each step, in the order of the constants. */
  private static final Map<Step, int[]> PERCENT =
      Map.of(
          HOME, new int[] {2, 45, 30, 0, 0, 0, 0, 8, 0, 15},
          SEARCH, new int[] {5, 20, 60, 0, 0, 0, 0, 0, 0, 15},
          PRODUCT, new int[] {0, 20, 15, 30, 20, 0, 0, 0, 0, 15},
          DETAILS, new int[] {0, 20, 25, 0, 35, 0, 0, 0, 0, 20},
          CART, new int[] {0, 20, 15, 0, 0, 40, 0, 0, 0, 25},
          CHECKOUT, new int[] {0, 0, 10, 0, 0, 0, 60, 0, 0, 30},
          PURCHASE, new int[] {10, 5, 0, 0, 0, 0, 0, 0, 15, 70},
          LOGIN, new int[] {30, 40, 20, 0, 0, 0, 0, 0, 0, 10},
          LOGOUT, new int[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 100},
          LEAVE, new int[] {60, 15, 25, 0, 0, 0, 0, 0, 0, 0});

  private final @Nullable Action action;

  Step(@Nullable Action action) {
    this.action = action;
  }

  /** What is sent on arriving here. */
  Action action() {
    if (action == null) {
      throw new IllegalStateException(this + " sends nothing");
    }
    return action;
  }

  /** Where the shopper goes from here; from {@link #LEAVE}, where the next session begins. */
  Step next(SeededRandom dice) {
    int rest = dice.below(100);
    int[] row = percent();
    int to = 0;
    while (rest >= row[to]) {
      rest -= row[to++];
    }
    return STEPS[to];
  }

  private int[] percent() {
    return Objects.requireNonNull(PERCENT.get(this));
  }

  /** The chance in percent of going on to another step. */
  int percentTo(Step other) {
    return percent()[List.of(STEPS).indexOf(other)];
  }
}
