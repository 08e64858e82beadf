/**
 * The process behind the tests' Spark reader. It shares no class with the project: what it says
 * about a table is the word of another engine.
 */
package clicklake.services;
