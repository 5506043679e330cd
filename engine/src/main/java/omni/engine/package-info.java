/**
 * Tensors, memory, the thread team, layers, key-value caches and sampling. Knows no file format and no particular model.
 *
 * <p>Letters for shapes: B batch, T positions, C channels, H heads, K key-value heads, D head size, N output features, I input
 * features, V vocabulary.
 */
@NullMarked
package omni.engine;

import org.jspecify.annotations.NullMarked;
