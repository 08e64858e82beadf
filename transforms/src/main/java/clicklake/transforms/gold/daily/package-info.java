/** Tables of days: users, pages, products, their top lists, and key figures. */
@NullMarked
package clicklake.transforms.gold.daily;

import org.jspecify.annotations.NullMarked;
