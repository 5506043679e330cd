package omni.vision;

import omni.error.MediaException;
import omni.error.RequestException;
import omni.loader.VideoProcessorConfig;
import org.jspecify.annotations.Nullable;

/**
 * Which frames of a film are taken ({@code smart_nframes} of the reference's loading helper).
 *
 * @param fps frames taken of a second
 * @param minFrames fewest frames, rounded up to even
 * @param maxFrames most frames, rounded down to even
 * @param frames exact number, rounded to even, in place of the others; null for none
 */
public record FrameRule(
        double fps, int minFrames, int maxFrames, @Nullable Integer frames) {
    /** The reference's: 2 frames a second, 4 to 768. */
    public static final FrameRule DEFAULT = new FrameRule(2, 4, 768, null);

    /** What the checkpoint says; what it does not say is the reference's. */
    static FrameRule of(VideoProcessorConfig config) {
        return of(config.fps(), config.minFrames(), config.maxFrames(), null);
    }

    /**
     * A rule of which only some numbers are given; null is the reference's.
     *
     * @throws RequestException if both a rate and an exact number are given
     */
    public static FrameRule of(
            @Nullable Double fps, @Nullable Integer minFrames, @Nullable Integer maxFrames, @Nullable Integer frames) {
        if (fps != null && frames != null) {
            throw new RequestException(
                    "frames: fps=" + fps + ", frames=" + frames + "; give a rate or a number, not both");
        }
        return new FrameRule(
                fps == null ? DEFAULT.fps : fps,
                minFrames == null ? DEFAULT.minFrames : minFrames,
                maxFrames == null ? DEFAULT.maxFrames : maxFrames,
                frames);
    }

    /** @throws IllegalArgumentException if a number is not positive */
    public FrameRule {
        if (!(fps > 0) || !(fps < 1e6) || minFrames < 1 || maxFrames < 1 || (frames != null && frames < 1)) {
            throw new IllegalArgumentException("frames: fps=" + fps + ", minFrames=" + minFrames + ", maxFrames="
                    + maxFrames + ", frames=" + frames);
        }
    }

    /**
     * The numbers of the frames to take, ascending: evenly spread from the first to the last, an even count of them.
     *
     * @param what names the clip in messages
     * @param total frames that the clip has
     * @param videoFps frames of it in a second
     * @throws MediaException if the clip has fewer frames than two, or than asked for
     */
    public int[] choose(String what, int total, double videoFps) {
        double count;
        if (frames != null) {
            count = Math.rint(frames / 2.0) * 2;
        } else {
            double least = Math.ceil(minFrames / 2.0) * 2;
            double most = Math.floor(Math.min(maxFrames, total) / 2.0) * 2;
            double wanted = total / videoFps * fps;
            count = Math.floor(Math.min(Math.min(Math.max(wanted, least), most), total) / 2.0) * 2;
        }
        if (count < 2 || count > total) {
            throw new MediaException(what + ", frames=" + total + ", wanted=" + (long) count
                    + (total < 2 ? "; a clip has at least 2, give it as a picture" : "; ask for 2 to " + total));
        }
        return spread(total, (int) count);
    }

    /** Frames taken of a second when {@code taken} of {@code total} are. */
    public static double rate(int taken, int total, double videoFps) {
        return (double) taken / total * videoFps;
    }

    /**
     * Rounded values of {@code linspace(0, total - 1, n)} in float32, halves to even. PyTorch counts the upper half from the end, with
     * fused multiply-adds.
     */
    private static int[] spread(int total, int n) {
        float end = total - 1;
        float step = end / (n - 1);
        int[] indices = new int[n];
        for (int i = 0; i < n; i++) {
            float at = i < n / 2 ? step * i : Math.fma(-step, n - 1 - i, end);
            indices[i] = (int) Math.rint(at);
        }
        return indices;
    }
}
