/**
 * What is compared: the generated events, with their exact counts, and a peer's own way to parse
 * and store one. It shares no class with Clicklake.
 */
package clicklake.bench.events;
