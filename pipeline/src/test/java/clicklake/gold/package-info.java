/**
 * The gold tables against a model of what they must hold of given events of silver. {@link
 * clicklake.gold.GoldModel} says it, table by table and without the production code that computes
 * them.
 */
@NullMarked
package clicklake.gold;

import org.jspecify.annotations.NullMarked;
