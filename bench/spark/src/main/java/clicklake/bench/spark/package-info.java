/** The same tables by a native Spark Structured Streaming job with Delta Lake. */
package clicklake.bench.spark;
