package omni.thinker;

import omni.loader.Architecture;
import omni.loader.MediaTokens;
import omni.loader.ModelConfig;
import omni.loader.TalkerConfig;
import omni.loader.VisionConfig;

/**
 * The numbers of a configuration that placing media depends on. Thinker and Talker each have their own.
 *
 * @param family which model's rules
 * @param imageToken id that stands for a piece of a picture
 * @param videoToken id that stands for a piece of a clip
 * @param audioToken id that stands for a piece of a sound, or {@link #ABSENT}
 * @param audioStart id before a sound, or {@link #ABSENT}
 * @param audioEnd id after a sound, or {@link #ABSENT}
 * @param merge patches merged along each side of a cell
 * @param positionsPerSecond steps of the time axis in one second
 * @param secondsPerChunk length of the chunks in which a clip and its sound alternate
 */
public record RopeRules(
        Family family,
        int imageToken,
        int videoToken,
        int audioToken,
        int audioStart,
        int audioEnd,
        int merge,
        double positionsPerSecond,
        double secondsPerChunk) {
    /** In place of an id that the model does not have; equal to no token. */
    public static final int ABSENT = -1;

    /** How positions go on behind a clip, and how its times are rounded. */
    public enum Family {
        /** Qwen2.5-Omni: the next position is behind the largest of all three axes; time is {@code (step * seconds) * rate}. */
        OMNI,
        /**
         * Qwen2.5-VL as of transformers 5: the next position is behind the rows and columns only, so that text may share times with
         * the end of a long clip; time is {@code step * (seconds * rate)}.
         */
        QWEN2_5_VL
    }

    /** @throws IllegalArgumentException if a number is out of range */
    public RopeRules {
        if (merge < 1 || !(positionsPerSecond > 0) || !(positionsPerSecond * secondsPerChunk >= 1)) {
            throw new IllegalArgumentException("rope rules: merge=" + merge + ", positionsPerSecond="
                    + positionsPerSecond + ", secondsPerChunk=" + secondsPerChunk);
        }
    }

    /** For models that take text alone: nothing is a placeholder. */
    public static final RopeRules TEXT_ONLY =
            new RopeRules(Family.OMNI, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, 1, 1, 1);

    /** Those of the released Qwen2.5-Omni. */
    public static final RopeRules RELEASED =
            new RopeRules(Family.OMNI, 151_655, 151_656, 151_646, 151_647, 151_648, 2, 25, 2);

    /** The Thinker's rules. */
    public static RopeRules of(ModelConfig config) {
        MediaTokens media = config.media();
        VisionConfig vision = config.vision();
        if (media == null || vision == null) {
            return TEXT_ONLY;
        }
        Family family = config.architecture() == Architecture.QWEN2_5_VL ? Family.QWEN2_5_VL : Family.OMNI;
        return of(family, media, vision.mergeSize());
    }

    /** The Talker's rules: its configuration repeats the ids and has a cell size of its own. */
    public static RopeRules of(TalkerConfig config) {
        return of(Family.OMNI, config.media(), config.mergeSize());
    }

    private static RopeRules of(Family family, MediaTokens media, int merge) {
        return new RopeRules(
                family,
                media.image(),
                media.video(),
                media.audio(),
                media.audioStart(),
                media.audioEnd(),
                merge,
                media.positionsPerSecond(),
                media.secondsPerChunk());
    }

    /** Steps of the time axis in one chunk. */
    public int positionsPerChunk() {
        return (int) (positionsPerSecond * secondsPerChunk);
    }

    /** True if the id stands for a piece of a medium. */
    public boolean isPlaceholder(int id) {
        return id == imageToken || id == videoToken || id == audioToken;
    }

    /** The id that a medium's first token has. */
    int firstToken(MediaSpan span) {
        if (span instanceof MediaSpan.Image) {
            return imageToken;
        }
        return span instanceof MediaSpan.Audio ? audioToken : videoToken;
    }

    /** A placeholder's name for messages. */
    String nameOf(int id) {
        return id == imageToken ? "image" : id == videoToken ? "video" : "audio";
    }
}
