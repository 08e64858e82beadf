/**
 * Reads the files of a landing folder as records.
 *
 * <p>A file is a partition of its own, known by path, size, modification time and, at {@code
 * s3://}, ETag; its lines are the positions. A changed file is a new generation of its path, a new
 * partition. Files are read in rounds (a plan of ranges made beforehand) or continuously; {@link
 * clicklake.io.landing.LandingSource} offers both.
 */
@NullMarked
package clicklake.io.landing;

import org.jspecify.annotations.NullMarked;
