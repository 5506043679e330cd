package omni.vision;

import omni.media.SoundSource;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a clip that the model is given.
 *
 * @param patches their patches; an odd list of frames ends with its last one twice
 * @param times seconds of every frame taken, from the beginning of the clip
 * @param sampleFps frames taken of a second, as it came out
 * @param secondsPerStep seconds of a temporal step as the reference counts them for positions: frames of a patch by the rate asked for,
 *     whatever came out
 * @param sound the clip's sound, or null if it has none
 */
@SuppressWarnings("ArrayRecordComponent")
public record VideoFrames(
        PatchGrid patches,
        double[] times,
        double sampleFps,
        double secondsPerStep,
        @Nullable SoundSource sound) {}
