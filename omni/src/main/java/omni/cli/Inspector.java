package omni.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import omni.audio.FeatureConfig;
import omni.audio.FeatureStream;
import omni.audio.LogMel;
import omni.draw.Canvas;
import omni.draw.FrameSheet;
import omni.draw.PatchSheet;
import omni.draw.Spectrogram;
import omni.engine.ThreadTeam;
import omni.loader.PatchConfig;
import omni.media.MediaKind;
import omni.media.Picture;
import omni.media.PictureFile;
import omni.media.SampleReader;
import omni.media.SoundFile;
import omni.media.SoundSource;
import omni.media.VideoSource;
import omni.thinker.GridThw;
import omni.thinker.MediaSpan;
import omni.thinker.PlaceholderExpansion;
import omni.thinker.RopePositions;
import omni.thinker.RopeRules;
import omni.vision.PatchGrid;
import omni.vision.VideoFrames;
import omni.vision.VisionOptions;
import omni.vision.VisionProcessor;

/** Prepares media as for a model, and draws what comes out. */
final class Inspector {
    /** No vocabulary has this token. */
    private static final int NO_MEDIUM = Integer.MAX_VALUE;

    private final InspectionRules rules;
    private final VisionOptions options;
    private final ThreadTeam team;

    /**
     * A drawing to be written.
     *
     * @param suffix of the file's name: what is drawn
     */
    record Drawing(String suffix, Canvas canvas) {}

    /**
     * What was found in a file.
     *
     * @param summary one line
     */
    record Finding(String summary, List<Drawing> drawings) {}

    Inspector(InspectionRules rules, VisionOptions options, ThreadTeam team) {
        this.rules = rules;
        this.options = options;
        this.team = team;
    }

    /** Looks into a file. */
    Finding inspect(Path file) {
        return switch (MediaKind.of(file)) {
            case SOUND -> sound(file);
            case PICTURE -> picture(file);
            case VIDEO -> video(file);
        };
    }

    private String origin() {
        return "rules: " + rules.origin();
    }

    private Finding sound(Path file) {
        FeatureConfig config = rules.features(file);
        Heard heard = hear(SoundFile.of(file), config, name(file));
        return new Finding("sound, " + heard.summary, List.of(new Drawing("mel", heard.canvas)));
    }

    /** A sound's drawing and what there is to say. */
    private record Heard(String summary, int tokens, Canvas canvas) {}

    private Heard hear(SoundSource source, FeatureConfig config, String title) {
        int rate;
        int channels;
        try (SampleReader reader = source.open()) {
            rate = reader.rate();
            channels = reader.channels();
        }
        try (FeatureStream stream = FeatureStream.open(new LogMel(config), source)) {
            int frames = Math.toIntExact(stream.frames());
            double frameSeconds = (double) config.hop() / config.rate();
            Spectrogram drawing = Spectrogram.of(stream);
            int tokens = MediaSpan.Audio.tokensOf(frames);
            int blocks = Math.ceilDiv(frames, rules.blockFrames());
            int perBlock = MediaSpan.Audio.tokensOf(rules.blockFrames());
            drawing.blocks(
                    rules.blockFrames() * frameSeconds,
                    i -> "block " + i + ", " + count(i + 1 == blocks ? tokens - i * perBlock : perBlock, "token"));
            String found = String.format(
                    Locale.ROOT, "%.2f s at %d Hz, %s", stream.seconds(), rate, count(channels, "channel"));
            String made = String.format(
                    Locale.ROOT,
                    "%s of %s, %s of %s s, %s",
                    count(frames, "frame"),
                    milliseconds(frameSeconds),
                    count(blocks, "block"),
                    number(rules.blockFrames() * frameSeconds),
                    count(tokens, "token"));
            List<String> notes = List.of(
                    found
                            + String.format(
                                    Locale.ROOT,
                                    " → mono at %d Hz, %d mel bins, transforms of %d samples every %d",
                                    config.rate(),
                                    config.melBins(),
                                    config.fftSize(),
                                    config.hop()),
                    made,
                    origin());
            return new Heard(found + " -> " + made, tokens, drawing.draw(title, notes));
        }
    }

    private Finding picture(Path file) {
        PatchConfig config = rules.pictures(file).patches();
        PictureFile stored = PictureFile.open(file);
        PatchGrid patches = processor(file).picture(file, options);
        Picture resized = patches.frames().getFirst();
        String found = stored.width() + "×" + stored.height()
                + (stored.width() == stored.storedWidth() ? "" : " once upright");
        String made = sizes(patches, config) + ", " + count(patches.tokens(), "token");
        List<String> notes = List.of(found + " → " + made, origin());
        Canvas canvas = PatchSheet.draw(resized, config.patchSize(), config.mergeSize(), name(file), notes);
        return new Finding(plain("picture, " + found + " → " + made), List.of(new Drawing("patches", canvas)));
    }

    private Finding video(Path file) {
        PatchConfig config = rules.clips(file).patches();
        VisionProcessor processor = processor(file);
        VideoSource source = processor.clip(file, options);
        VideoFrames frames = processor.video(source, options);
        PatchGrid patches = frames.patches();
        List<Drawing> drawings = new ArrayList<>();
        String found = String.format(
                Locale.ROOT,
                "%s at %s/s, %.2f s, %d×%d",
                count(source.frames(), "frame"),
                number(source.fps()),
                source.frames() / source.fps(),
                source.width(),
                source.height());
        String made = String.format(
                Locale.ROOT,
                "%s taken, %s of %s s, %s, %d × %d = %s",
                count(frames.times().length, "frame"),
                count(patches.grid().t(), "step"),
                number(frames.secondsPerStep()),
                sizes(patches, config),
                patches.grid().t(),
                patches.grid().tokensPerStep(config.mergeSize()),
                count(patches.tokens(), "token"));
        List<String> notes = new ArrayList<>(List.of(found + " → " + made));
        notes.add("id: time of a step's tokens for TMRoPE, counted from the clip's first; under a frame its time and"
                + " number in the clip; colours change with the chunks of "
                + number(rules.positions().secondsPerChunk()) + " s in which a clip and its sound alternate");
        String summary = plain("video, " + found + " → " + made);
        SoundSource sound = frames.sound();
        if (sound != null && rules.hears()) {
            Heard heard = hear(sound, rules.features(file), name(file) + ": its sound");
            drawings.add(new Drawing("mel", heard.canvas));
            notes.add("sound: " + heard.summary.replace(" -> ", " → "));
            summary += "; its sound, " + heard.summary;
        } else {
            summary += "; no sound";
        }
        notes.add(origin());
        drawings.addFirst(new Drawing(
                "frames", FrameSheet.draw(steps(source, frames, config), config.cellSize(), name(file), notes)));
        return new Finding(summary, drawings);
    }

    private VisionProcessor processor(Path file) {
        return new VisionProcessor(rules.pictures(file), rules.clips(file), team);
    }

    private List<FrameSheet.Step> steps(VideoSource source, VideoFrames frames, PatchConfig config) {
        PatchGrid patches = frames.patches();
        int depth = config.temporalPatchSize();
        int[] ids = temporalIds(patches.grid(), frames.secondsPerStep());
        double[] times = frames.times();
        List<FrameSheet.Step> steps = new ArrayList<>();
        for (int t = 0; t < patches.grid().t(); t++) {
            List<FrameSheet.Frame> shown = new ArrayList<>();
            for (int k = 0; k < depth; k++) {
                // What completes the last step is its last frame once more.
                int i = Math.min(t * depth + k, times.length - 1);
                int number = (int) Math.rint(times[i] * source.fps());
                shown.add(new FrameSheet.Frame(patches.frames().get(t * depth + k), times[i], number));
            }
            steps.add(new FrameSheet.Step(
                    shown, ids[t], ids[t] / rules.positions().positionsPerChunk()));
        }
        return steps;
    }

    /** The time of each step's tokens, as the Thinker counts it. */
    private int[] temporalIds(GridThw grid, double secondsPerStep) {
        RopeRules positions = rules.positions();
        List<MediaSpan> clip = List.of(new MediaSpan.Video(grid, secondsPerStep));
        int[] prompt = {NO_MEDIUM, positions.videoToken(), NO_MEDIUM};
        int[] tokens = PlaceholderExpansion.expand(prompt, clip, positions);
        int[] time = RopePositions.of(tokens, clip, positions).time();
        int[] ids = new int[grid.t()];
        for (int t = 0; t < ids.length; t++) {
            ids[t] = time[1 + t * grid.tokensPerStep(positions.merge())] - time[1];
        }
        return ids;
    }

    private static String sizes(PatchGrid patches, PatchConfig config) {
        Picture resized = patches.frames().getFirst();
        GridThw grid = patches.grid();
        return String.format(
                Locale.ROOT,
                "%d×%d, %d×%d patches, %d×%d cells",
                resized.width(),
                resized.height(),
                grid.w(),
                grid.h(),
                grid.w() / config.mergeSize(),
                grid.h() / config.mergeSize());
    }

    static String name(Path file) {
        Path last = file.toAbsolutePath().normalize().getFileName();
        return last == null ? file.toString() : last.toString();
    }

    /** For a terminal that may have no signs beyond ASCII. */
    private static String plain(String line) {
        return line.replace('×', 'x').replace("→", "->");
    }

    private static String count(int n, String thing) {
        return n + " " + thing + (n == 1 ? "" : "s");
    }

    private static String milliseconds(double seconds) {
        return number(1000 * seconds) + " ms";
    }

    /** At most two decimals, and none that are zero. */
    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.replaceFirst("\\.?0+$", "");
    }
}
