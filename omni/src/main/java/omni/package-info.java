/**
 * The library's public surface: open a checkpoint, converse, stream text, cancel, close.
 */
@NullMarked
package omni;

import org.jspecify.annotations.NullMarked;
