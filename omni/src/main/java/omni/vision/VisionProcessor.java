package omni.vision;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import omni.engine.Cancellation;
import omni.engine.ThreadTeam;
import omni.error.MediaException;
import omni.loader.ImageProcessorConfig;
import omni.loader.PatchConfig;
import omni.loader.VideoProcessorConfig;
import omni.loader.VisionConfig;
import omni.media.Picture;
import omni.media.PictureFile;
import omni.media.VideoFile;
import omni.media.VideoSource;
import org.jspecify.annotations.Nullable;

/**
 * From files to patches. The reference does this in two steps, a loading helper and then the processor, each with limits of its own; both
 * steps are followed here. What a request asks for holds in both.
 */
public final class VisionProcessor {
    private final PatchConfig picturePatches;
    private final PatchConfig framePatches;
    private final PixelLimits pictureLimits;
    private final PixelLimits frameLimits;
    private final FrameRule frameRule;
    private final ThreadTeam team;

    /** Of resized pictures; null frees each with its last reference. */
    private final @Nullable Arena memory;

    private final Cancellation cancellation;

    /**
     * @param pictures what the checkpoint says about pictures
     * @param clips what it says about clips
     * @param team shares the work of resizing
     */
    public VisionProcessor(ImageProcessorConfig pictures, VideoProcessorConfig clips, ThreadTeam team) {
        this.picturePatches = pictures.patches();
        this.framePatches = clips.patches();
        this.pictureLimits = PixelLimits.of(pictures);
        this.frameLimits = PixelLimits.of(clips);
        this.frameRule = FrameRule.of(clips);
        this.team = team;
        this.memory = null;
        this.cancellation = new Cancellation();
    }

    private VisionProcessor(VisionProcessor other, Arena memory, Cancellation cancellation) {
        this.picturePatches = other.picturePatches;
        this.framePatches = other.framePatches;
        this.pictureLimits = other.pictureLimits;
        this.frameLimits = other.frameLimits;
        this.frameRule = other.frameRule;
        this.team = other.team;
        this.memory = memory;
        this.cancellation = cancellation;
    }

    /**
     * The processor of a checkpoint's folder.
     *
     * @param vision the vision encoder that the patches are for
     * @param team shares the work of resizing
     * @throws omni.error.ModelFormatException if a file is broken, contradicts the vision encoder or asks for what is not supported
     */
    public static VisionProcessor of(Path folder, VisionConfig vision, ThreadTeam team) {
        return new VisionProcessor(
                ImageProcessorConfig.read(folder, vision), VideoProcessorConfig.read(folder, vision), team);
    }

    /**
     * The same processor for one medium.
     *
     * @param memory of resized pictures, which any thread may use; without it each is freed with its last reference
     * @param cancellation looked at before every picture or frame
     */
    public VisionProcessor with(Arena memory, Cancellation cancellation) {
        return new VisionProcessor(this, memory, cancellation);
    }

    private Arena memory() {
        return memory == null ? Arena.ofAuto() : memory;
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
        return new PatchGrid(Collections.nCopies(picturePatches.temporalPatchSize(), resized), picturePatches);
    }

    private Picture resize(Picture picture, List<ResizedSize> sizes) {
        cancellation.check();
        Picture resized = picture;
        for (ResizedSize size : sizes) {
            resized = Resizer.picture(resized, size, team, memory());
        }
        return resized;
    }

    /** Sizes that a picture is brought to, one after the other: the helper's, then the processor's. */
    private List<ResizedSize> pictureSizes(String what, int height, int width, VisionOptions options) {
        return twice(what, height, width, picturePatches, options, pictureLimits);
    }

    private static List<ResizedSize> twice(
            String what, int height, int width, PatchConfig patches, VisionOptions options, PixelLimits processor) {
        int cell = patches.cellSize();
        ResizedSize first = ResizedSize.of(what, height, width, cell, options.limits(PixelLimits.PICTURE));
        ResizedSize second = ResizedSize.of(what, first.height(), first.width(), cell, options.limits(processor));
        return first.equals(second) ? List.of(first) : List.of(first, second);
    }

    /**
     * The frames of a clip, or of a folder of frames.
     *
     * @throws MediaException if the clip is missing, damaged, too short, of a size that is not accepted, or needs ffmpeg and it is not
     *     there
     */
    public VideoFrames video(Path file, VisionOptions options) {
        return video(clip(file, options), options);
    }

    /**
     * Opens a clip, or a folder of frames; frames are not decoded yet.
     *
     * @throws MediaException if it is missing, damaged, has no frames, or needs ffmpeg and it is not there
     */
    public VideoSource clip(Path file, VisionOptions options) {
        return VideoFile.of(file, fps(options));
    }

    /** The frames of a clip. */
    public VideoFrames video(VideoSource source, VisionOptions options) {
        return source.isList() ? list(source, options) : film(source, options);
    }

    private double fps(VisionOptions options) {
        Double fps = options.fps();
        return fps == null ? frameRule.fps() : fps;
    }

    /** All frames of a list: each resized like a picture by the helper, then by the processor's limits for frames. */
    private VideoFrames list(VideoSource source, VisionOptions options) {
        String what = "video: folder=" + source.name();
        int most = rule(options).maxFrames();
        if (source.frames() > most) {
            throw new MediaException(
                    what + ", frames=" + source.frames() + ", limit=" + most + "; take some of them away");
        }
        List<ResizedSize> sizes = twice(what, source.height(), source.width(), framePatches, options, frameLimits);
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
        return result(source, wanted, frames, FrameRule.rate(wanted.length, total, source.fps()), options);
    }

    private FrameRule rule(VisionOptions options) {
        Integer most = options.maxFrames();
        int maxFrames = most == null ? frameRule.maxFrames() : most;
        return new FrameRule(fps(options), Math.min(frameRule.minFrames(), maxFrames), maxFrames, null);
    }

    private List<Picture> show(VideoSource source, String what, int[] wanted, VisionOptions options) {
        PixelLimits limits = options.limits(frameLimits.shared(wanted.length, framePatches.temporalPatchSize()));
        List<Picture> frames = new ArrayList<>();
        source.show(wanted, (index, picture) -> {
            cancellation.check();
            ResizedSize size = ResizedSize.of(what, picture.height(), picture.width(), framePatches.cellSize(), limits);
            frames.add(Resizer.frame(picture, size, team, memory()));
        });
        return frames;
    }

    private VideoFrames result(
            VideoSource source, int[] taken, List<Picture> frames, double sampleFps, VisionOptions options) {
        while (frames.size() % framePatches.temporalPatchSize() != 0) {
            frames.add(frames.getLast());
        }
        double[] times = Arrays.stream(taken).mapToDouble(i -> i / source.fps()).toArray();
        return new VideoFrames(
                new PatchGrid(frames, framePatches),
                times,
                sampleFps,
                framePatches.temporalPatchSize() / fps(options),
                source.sound());
    }
}
