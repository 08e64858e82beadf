/**
 * Reads files of a landing folder, on disk or in an object store.
 *
 * <p>A file is a partition of its own, known by path, size and modification time; its lines are the
 * positions. A changed file is a new generation of its path, a new partition. Files are read in
 * rounds (a plan of ranges made beforehand) or continuously; {@link
 * clicklake.io.landing.LandingSource} offers both.
 *
 * <p>An object's ETag is no part of what a file is known by in the lake. It holds a reader to the
 * object that was listed; another of the same size and time is noticed only while it is read.
 */
@NullMarked
package clicklake.io.landing;

import org.jspecify.annotations.NullMarked;
