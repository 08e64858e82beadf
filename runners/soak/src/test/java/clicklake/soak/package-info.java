/**
 * The job as a user runs it, for minutes, beside a real broker: how late events are, what memory,
 * files and commits do as time goes by, and what it costs to wait.
 *
 * <p>Everything is measured from outside: from the process, from its log, and afterwards from the
 * lake. Runs with {@code -Psoak} only; {@link clicklake.soak.Measure} says what can be chosen.
 */
@NullMarked
package clicklake.soak;

import org.jspecify.annotations.NullMarked;
