/**
 * Hand-written kernels. One public facade of static methods per family; behind it a scalar definition and Vector API
 * implementations of any width, chosen once at start by {@link omni.kernels.KernelProvider}.
 *
 * <p>Shapes use the project's letters: B batch, T positions, C channels, H heads, K key-value heads, D head size, N output
 * features, I input features, F frames, M mel bins, S samples, P patches, V vocabulary. Operands are off-heap
 * {@link java.lang.foreign.MemorySegment}s; offsets and strides are counted in elements (floats), not bytes.
 *
 * <p>Kernels are single-threaded functions over a range of output rows, heads or frames; the caller splits the range. No result
 * depends on how it was split. All methods are thread-safe as long as the ranges written do not overlap.
 */
@NullMarked
package omni.kernels;

import org.jspecify.annotations.NullMarked;
