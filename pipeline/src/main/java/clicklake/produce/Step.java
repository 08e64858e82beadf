package clicklake.produce;

import clicklake.schemas.contract.Action;
import org.jspecify.annotations.Nullable;

/**
 * Where a shopper stands in the shop: the states of a Markov chain. Of those who put something into
 * the cart about one in three buys.
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

  /** Chances in percent, row: from, column: to, both in the order of the constants. */
  private static final int[][] PERCENT = {
    {2, 45, 30, 0, 0, 0, 0, 8, 0, 15},
    {5, 20, 60, 0, 0, 0, 0, 0, 0, 15},
    {0, 20, 15, 30, 20, 0, 0, 0, 0, 15},
    {0, 20, 25, 0, 35, 0, 0, 0, 0, 20},
    {0, 20, 15, 0, 0, 40, 0, 0, 0, 25},
    {0, 0, 10, 0, 0, 0, 60, 0, 0, 30},
    {10, 5, 0, 0, 0, 0, 0, 0, 15, 70},
    {30, 40, 20, 0, 0, 0, 0, 0, 0, 10},
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 100},
    {60, 15, 25, 0, 0, 0, 0, 0, 0, 0},
  };

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
  Step next(Dice dice) {
    int rest = dice.below(100);
    int[] row = PERCENT[ordinal()];
    int to = 0;
    while (rest >= row[to]) {
      rest -= row[to++];
    }
    return STEPS[to];
  }

  static int[] percentFrom(Step step) {
    return PERCENT[step.ordinal()].clone();
  }
}
