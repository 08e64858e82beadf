/**
 * The jars that the build makes for clusters, on real ones: sessions of Flink and Spark as child
 * processes on this machine, from their published libraries. What is promised of the pipeline is
 * tested elsewhere; here it is that the jars run, that the lake balances, and that it still does
 * after a worker was killed.
 */
@NullMarked
package clicklake.clusters;

import org.jspecify.annotations.NullMarked;
