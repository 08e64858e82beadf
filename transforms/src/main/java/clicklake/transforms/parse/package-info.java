/**
 * From the bytes of a record to a valid event, or the reason why it is none. The parser is written
 * by hand for this contract: it reads strict JSON in one pass over the bytes, remembers where the
 * fields lie, checks them in the contract's order, and creates no objects for a valid event. Only
 * {@link clicklake.transforms.parse.ParseEvents} and its counters know Beam.
 */
@NullMarked
package clicklake.transforms.parse;

import org.jspecify.annotations.NullMarked;
