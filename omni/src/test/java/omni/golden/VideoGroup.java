package omni.golden;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import omni.engine.ThreadTeam;
import omni.error.MediaException;
import omni.error.RequestException;
import omni.loader.Architecture;
import omni.loader.ImageProcessorConfig;
import omni.loader.Json;
import omni.loader.JsonObject;
import omni.loader.JsonValue;
import omni.loader.VideoProcessorConfig;
import omni.loader.VisionConfig;
import omni.media.Picture;
import omni.media.PictureFile;
import omni.vision.FrameRule;
import omni.vision.PixelLimits;
import omni.vision.VideoFrames;
import omni.vision.VisionOptions;
import omni.vision.VisionProcessor;

/** Which frames of a film are taken, how large they may be, and from frames to patches. */
final class VideoGroup extends TensorGroup {
    private static final String SELECTION = "frame_selection.json";
    private static final String LIMITS = "pixel_limits.json";

    private static final Set<String> OPTIONS = Set.of("fps", "nframes", "min_frames", "max_frames");

    /** Frames of a patch that the table of limits is made for. */
    private static final int DEPTH = 2;

    VideoGroup() {
        super("video");
    }

    @Override
    public List<GoldenCase> cases(GroupFolder folder, GoldenFolder goldens) {
        List<GoldenCase> out = new ArrayList<>();
        Path selection = folder.path().resolve(SELECTION);
        if (Files.exists(selection)) {
            out.add(GoldenCase.of(folder.name() + "/" + SELECTION, findings -> compareFrames(selection, findings)));
        }
        Path limits = folder.path().resolve(LIMITS);
        if (Files.exists(limits)) {
            out.add(GoldenCase.of(folder.name() + "/" + LIMITS, findings -> compareLimits(limits, findings)));
        }
        out.addAll(super.cases(folder, goldens));
        return out;
    }

    private static void compareFrames(Path file, Findings findings) {
        for (JsonValue each : Json.readObject(file).getArray("cases").toValues()) {
            JsonObject row = each.asObject();
            int total = row.getInt("total_frames");
            double fps = row.getDouble("video_fps");
            JsonObject options = row.getObject("options");
            if (!OPTIONS.containsAll(options.keys())) {
                throw row.refuse("options", "known are " + OPTIONS);
            }
            String what = "total=" + total + ", fps=" + fps + ", " + options.keys() + " of " + options.path();
            int[] chosen;
            try {
                chosen = FrameRule.of(
                                options.has("fps") ? (Double) options.getDouble("fps") : null,
                                options.has("min_frames") ? (Integer) options.getInt("min_frames") : null,
                                options.has("max_frames") ? (Integer) options.getInt("max_frames") : null,
                                options.has("nframes") ? (Integer) options.getInt("nframes") : null)
                        .choose("clip", total, fps);
            } catch (MediaException | RequestException e) {
                findings.require(what + ": refused, " + e.getMessage(), row.has("error"));
                continue;
            }
            if (row.has("error")) {
                findings.require(what + ": expected a refusal, got " + Arrays.toString(chosen), false);
                continue;
            }
            findings.equal(what + ", number", row.getInt("nframes"), chosen.length);
            findings.equal(what, row.getInts("indices").toString(), Arrays.toString(chosen));
            findings.add(
                    what + ", rate",
                    new Tolerance.Near(1e-12, 0, 1)
                            .compare(
                                    new Values.Real(new double[] {row.getDouble("sample_fps")}),
                                    new Values.Real(new double[] {FrameRule.rate(chosen.length, total, fps)})));
        }
    }

    private static void compareLimits(Path file, Findings findings) {
        for (JsonValue each : Json.readObject(file).getArray("cases").toValues()) {
            JsonObject row = each.asObject();
            int frames = row.getInt("nframes");
            PixelLimits limits = PixelLimits.FRAME.shared(frames, DEPTH);
            String what = "frames=" + frames;
            findings.equal(what + ", min", row.getLong("min_pixels"), limits.min());
            findings.equal(what + ", max", row.getDouble("max_pixels"), limits.max());
            int height = row.getInt("height");
            int width = row.getInt("width");
            findings.equal(
                    what + ", height=" + height + ", width=" + width,
                    row.getInts("resized"),
                    ImagePreprocessGroup.size(height, width, limits));
        }
    }

    @Override
    protected void run(TensorCase one, GoldenFolder goldens) {
        GoldenFolder.Model model = goldens.model(Architecture.QWEN2_5_OMNI, name());
        VisionConfig vision = Objects.requireNonNull(model.config().vision());
        JsonObject info = one.info();
        boolean list = info.getString("path").startsWith("list of image files");
        if (!list && !info.getString("path").startsWith("frames of a video file")) {
            throw info.refuse("path", "known are lists of image files and frames of a video file");
        }
        try (ThreadTeam team = new ThreadTeam(ImagePreprocessGroup.THREADS);
                Arena arena = Arena.ofShared()) {
            VisionProcessor processor = new VisionProcessor(
                    ImageProcessorConfig.read(model.path(), vision), clips(model.path(), vision, info), team);
            List<Picture> frames = new ArrayList<>();
            for (String file : info.getStrings("frames")) {
                frames.add(PictureFile.open(one.path(file)).read(arena));
            }
            VideoFrames resized = processor.video(new StoredFrames(one.name(), frames, list), options(info));
            List<Picture> pictures = resized.patches().frames();
            Picture first = pictures.getFirst();
            one.compare("resized", StoredPictures.values(pictures), pictures.size(), first.height(), first.width(), 3);
            ImagePreprocessGroup.compareGrid(
                    one, "video_grid_thw", resized.patches().grid());

            List<Picture> theirs = new ArrayList<>();
            for (int i = 0; i < one.shape("resized")[0]; i++) {
                theirs.add(StoredPictures.picture(one, "resized", i));
            }
            VideoFrames fitting = processor.video(new StoredFrames(one.name(), theirs, list), options(info));
            ImagePreprocessGroup.comparePatches(one, "pixel_values_videos", fitting.patches(), team);
        }
    }

    /** The checkpoint's settings, with the case's limits if it has some. */
    private static VideoProcessorConfig clips(Path model, VisionConfig vision, JsonObject info) {
        VideoProcessorConfig clips = VideoProcessorConfig.read(model, vision);
        if (!info.has("processor_size")) {
            return clips;
        }
        JsonObject size = info.getObject("processor_size");
        return new VideoProcessorConfig(
                clips.patches(),
                size.getInt("shortest_edge"),
                size.getInt("longest_edge"),
                clips.fps(),
                clips.minFrames(),
                clips.maxFrames());
    }

    private static VisionOptions options(JsonObject info) {
        JsonObject options = info.getObject("options");
        return new VisionOptions(
                null,
                options.has("min_pixels") ? (Long) options.getLong("min_pixels") : null,
                options.has("max_pixels") ? (Long) options.getLong("max_pixels") : null,
                null);
    }
}
