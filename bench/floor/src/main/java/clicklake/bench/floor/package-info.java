/** The same tables by threads, byte arrays and Parquet alone: what the work itself costs. */
package clicklake.bench.floor;
