/**
 * A benchmark class per kernel family. Scalar and vector kernels are measured by methods with the same body in processes of their
 * own; every result is checked; the columns {@code gflops} and {@code gigabytes} stand beside the machine's limits, which each
 * process measures and prints before it begins.
 */
@NullMarked
package omni.jmh;

import org.jspecify.annotations.NullMarked;
