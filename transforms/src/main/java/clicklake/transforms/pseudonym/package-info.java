/**
 * Pseudonyms for personal data. A plain hash of an address or a telephone number can be undone by
 * trying them all; a keyed hash cannot without the key. The key has an id and can be replaced:
 * equal values have equal pseudonyms only under the same key.
 */
@NullMarked
package clicklake.transforms.pseudonym;

import org.jspecify.annotations.NullMarked;
