/** The same tables by a native Flink DataStream job. */
package clicklake.bench.flink;
