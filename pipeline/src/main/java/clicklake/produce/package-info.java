/**
 * Simulated shoppers whose clicks arrive as real ones do: sessions that wander through a shop and
 * mostly abandon their carts, with duplicates, stragglers and broken records among them. All of it
 * follows from a {@link clicklake.produce.ProducePlan}, byte for byte, and the generator counts
 * what a correct pipeline must make of it.
 */
@NullMarked
package clicklake.produce;

import org.jspecify.annotations.NullMarked;
