/**
 * From codes to sound, the report's sections 2.4 and 2.5: a speaker encoder and a diffusion transformer make mel spectrograms of codes,
 * block by block while codes still come, and a vocoder makes samples of them. All of it is computed in float32.
 *
 * <p>Letters: F frames of mel, M mel bins, C channels, H heads, D head size, S samples. Models are immutable and may be shared; streams
 * belong to one thread at a time and own the memory that they were given at the start.
 */
@NullMarked
package omni.speech;

import org.jspecify.annotations.NullMarked;
