/**
 * What the model hears: any sound as 16 kHz mono, and that as log-mel features (section "Audio" of the report; section 4 of the
 * reference notes). Everything streams: an hour of sound needs the memory of one block.
 *
 * <p>Letters: S samples, F frames of 10 ms, M mel bins. Readers and streams belong to one thread at a time; {@link omni.audio.LogMel}
 * and the records are immutable and may be shared.
 */
@NullMarked
package omni.audio;

import org.jspecify.annotations.NullMarked;
