package clicklake.schemas.contract;

import org.jspecify.annotations.Nullable;

/**
 * Why one record is refused.
 *
 * @param reason the first fault
 * @param field the field with the first fault, as its source spells it; null if the record as a
 *     whole is at fault
 * @param detail all faults, a JSON array of objects {@code {"reason", "field" or "at", "message"}};
 *     {@code at} is a byte offset within the record. It repeats nothing of the record's content.
 */
public record Reject(RejectReason reason, @Nullable String field, String detail) {}
