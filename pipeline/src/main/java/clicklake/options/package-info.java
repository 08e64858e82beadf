/**
 * What the command line, the environment and a YAML file say, turned once, at the start, into typed
 * settings. {@link clicklake.options.Option} is the list of every option with its default;
 * everything else (help, reference file, names of environment variables, hints for misspelt keys)
 * is derived from it. All faults of a configuration are reported together, each with the place it
 * came from, and secrets are never printed.
 */
@NullMarked
package clicklake.options;

import org.jspecify.annotations.NullMarked;
