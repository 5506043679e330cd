/**
 * Files to tensors: strict JSON, safetensors (mapped, sharded), the byte-level BPE tokenizer, configuration in the released
 * style. Every file is hostile until proven otherwise: lengths are checked before use, nothing is executed, no path leaves its
 * folder, no allocation trusts a header.
 */
@NullMarked
package omni.loader;

import org.jspecify.annotations.NullMarked;
