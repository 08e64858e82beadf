package clicklake.schemas.contract;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Why a record was refused.
 *
 * @param reason code of the first fault
 * @param field the field of the first fault; null if the whole record is meant
 * @param detail all faults, a JSON array
 */
public record Reject(RejectReason reason, @Nullable String field, String detail) {
  public Reject {
    requireNonNull(reason, "reason");
    requireNonNull(detail, "detail");
  }
}
