package omni.vision;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import omni.engine.ThreadTeam;
import omni.error.MediaException;
import omni.media.Picture;
import omni.media.PictureFile;
import omni.media.VideoFile;
import omni.media.VideoSource;

/**
 * From files to patches. The reference does this in two steps, a loading helper and then the processor, each with limits of its own; both
 * steps are followed here. What a request asks for holds in both.
 */
public final class VisionProcessor {
    /** What the reference's helper allows all frames of a clip together: 90 % of 128,000 cells. */
    private static final double ALL_FRAMES_PIXELS = 90_316_800;

    private final VisionRules rules;
    private final ThreadTeam team;

    /** @param team shares the work of resizing */
    public VisionProcessor(VisionRules rules, ThreadTeam team) {
        this.rules = rules;
        this.team = team;
    }

    public VisionRules rules() {
        return rules;
    }

    /**
     * A picture from a file, turned upright.
     *
     * @throws MediaException if the file is missing, no picture, damaged, or of a size that is not accepted; sizes are refused before
     *     anything is decoded
     */
    public PatchGrid picture(Path file, VisionOptions options) {
        PictureFile picture = PictureFile.open(file);
        String what = "picture: file=" + file;
        pictureSizes(what, picture.height(), picture.width(), options);
        try (Arena arena = Arena.ofShared()) {
            return picture(what, picture.read(arena), options);
        }
    }

    /**
     * A picture.
     *
     * @param what names it in messages
     */
    public PatchGrid picture(String what, Picture picture, VisionOptions options) {
        Picture resized = resize(picture, pictureSizes(what, picture.height(), picture.width(), options));
        return new PatchGrid(Collections.nCopies(rules.temporalPatchSize(), resized), rules);
    }

    private Picture resize(Picture picture, List<ResizedSize> sizes) {
        Picture resized = picture;
        for (ResizedSize size : sizes) {
            resized = Resizer.picture(resized, size, team, Arena.ofAuto());
        }
        return resized;
    }

    /** Sizes that a picture is brought to, one after the other: the helper's, then the processor's. */
    private List<ResizedSize> pictureSizes(String what, int height, int width, VisionOptions options) {
        return twice(what, height, width, options.limits(PixelLimits.PICTURE), options.limits(rules.pictureLimits()));
    }

    private List<ResizedSize> twice(String what, int height, int width, PixelLimits helper, PixelLimits processor) {
        ResizedSize first = ResizedSize.of(what, height, width, rules.cellSize(), helper);
        ResizedSize second = ResizedSize.of(what, first.height(), first.width(), rules.cellSize(), processor);
        return first.equals(second) ? List.of(first) : List.of(first, second);
    }

    /**
     * The frames of a clip, or of a folder of frames.
     *
     * @throws MediaException if the clip is missing, damaged, too short, of a size that is not accepted, or needs ffmpeg and it is not
     *     there
     */
    public VideoFrames video(Path file, VisionOptions options) {
        return video(VideoFile.of(file, fps(options)), options);
    }

    /** The frames of a clip. */
    public VideoFrames video(VideoSource source, VisionOptions options) {
        return source.isList() ? list(source, options) : film(source, options);
    }

    private double fps(VisionOptions options) {
        Double fps = options.fps();
        return fps == null ? rules.frames().fps() : fps;
    }

    /** All frames of a list: each resized like a picture by the helper, then by the processor's limits for frames. */
    private VideoFrames list(VideoSource source, VisionOptions options) {
        String what = "video: folder=" + source.name();
        Integer most = options.maxFrames();
        if (source.frames() > (most == null ? rules.frames().maxFrames() : most)) {
            throw new MediaException(what + ", frames=" + source.frames() + ", limit="
                    + (most == null ? rules.frames().maxFrames() : most) + "; take some of them away");
        }
        PixelLimits processor = options.limits(rules.clipLimits() == null ? PixelLimits.FRAME : rules.clipLimits());
        List<ResizedSize> sizes =
                twice(what, source.height(), source.width(), options.limits(PixelLimits.PICTURE), processor);
        int[] all = new int[source.frames()];
        Arrays.setAll(all, i -> i);
        List<Picture> frames = new ArrayList<>();
        source.show(all, (index, picture) -> frames.add(resize(picture, sizes)));
        return result(source, all, frames, source.fps(), options);
    }

    private VideoFrames film(VideoSource source, VisionOptions options) {
        String what = "video: file=" + source.name();
        int total = source.frames();
        int[] wanted = rule(options).choose(what, total, source.fps());
        List<Picture> frames = show(source, what, wanted, options);
        if (frames.size() < wanted.length) {
            // The container exaggerated: count what can be decoded and choose again.
            total = source.count();
            wanted = rule(options).choose(what, total, source.fps());
            frames = show(source, what, wanted, options);
            if (frames.size() < wanted.length) {
                throw new MediaException(what + ", frames=" + total + ", decoded=" + frames.size() + " of "
                        + wanted.length + " wanted; the file is damaged");
            }
        }
        return result(source, wanted, frames, wanted.length / (total / source.fps()), options);
    }

    private FrameRule rule(VisionOptions options) {
        FrameRule rule = rules.frames();
        Integer most = options.maxFrames();
        int maxFrames = most == null ? rule.maxFrames() : most;
        return new FrameRule(fps(options), Math.min(rule.minFrames(), maxFrames), maxFrames, rule.frames());
    }

    /** The limits of a film's frames shrink with their number, so that all of them together stay within a bound. */
    static PixelLimits filmLimits(PixelLimits base, int frames, int depth) {
        double shared = ALL_FRAMES_PIXELS / frames * depth;
        return new PixelLimits(base.min(), Math.max(Math.min(base.max(), shared), (int) (base.min() * 1.05)));
    }

    private List<Picture> show(VideoSource source, String what, int[] wanted, VisionOptions options) {
        PixelLimits base = rules.clipLimits() == null ? PixelLimits.FRAME : rules.clipLimits();
        PixelLimits limits = options.limits(filmLimits(base, wanted.length, rules.temporalPatchSize()));
        List<Picture> frames = new ArrayList<>();
        source.show(wanted, (index, picture) -> {
            ResizedSize size = ResizedSize.of(what, picture.height(), picture.width(), rules.cellSize(), limits);
            frames.add(Resizer.frame(picture, size, team, Arena.ofAuto()));
        });
        return frames;
    }

    private VideoFrames result(
            VideoSource source, int[] taken, List<Picture> frames, double sampleFps, VisionOptions options) {
        while (frames.size() % rules.temporalPatchSize() != 0) {
            frames.add(frames.getLast());
        }
        double[] times = Arrays.stream(taken).mapToDouble(i -> i / source.fps()).toArray();
        return new VideoFrames(
                new PatchGrid(frames, rules),
                times,
                sampleFps,
                rules.temporalPatchSize() / fps(options),
                source.sound());
    }
}
