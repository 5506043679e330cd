package omni.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import omni.MediaOptions;
import omni.chat.Part;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Pictures, sounds and clips of a turn, in the order in which they were named, and how they are taken. */
final class MediaArguments {
    /** Looked at later: picocli would wrap what is thrown while it reads the command line. */
    private final List<Supplier<Part>> parts = new ArrayList<>();

    private boolean video;

    @Option(
            names = {"--audio-in-video", "--use-audio-in-video"},
            order = OptionSections.MEDIA + 3,
            description = "Hear the sound of videos, too, where they have any.")
    private boolean audioInVideo;

    @Mixin
    private VisionArguments vision = new VisionArguments();

    /** picocli calls it at every occurrence with all files so far, and first of all with none. */
    @Option(
            names = "--image",
            paramLabel = "FILE",
            order = OptionSections.MEDIA,
            description = "Show a picture. May be given several times, as --audio and --video may; they come before"
                    + " the text, in the order given.")
    @SuppressWarnings("unused") // picocli calls it
    private void images(String @Nullable [] files) {
        last("--image", files, Part::image);
    }

    @Option(names = "--audio", paramLabel = "FILE", order = OptionSections.MEDIA + 1, description = "Play a sound.")
    @SuppressWarnings("unused") // picocli calls it
    private void sounds(String @Nullable [] files) {
        last("--audio", files, Part::audio);
    }

    @Option(
            names = "--video",
            paramLabel = "FILE",
            order = OptionSections.MEDIA + 2,
            description = "Show a video, or a folder of frames (PNG or JPEG, in the order of their names).")
    @SuppressWarnings("unused") // picocli calls it
    private void videos(String @Nullable [] files) {
        video |= last("--video", files, Part::video);
    }

    private boolean last(String option, String @Nullable [] files, Function<Path, Part> part) {
        if (files == null || files.length == 0) {
            return false;
        }
        String file = files[files.length - 1];
        parts.add(() -> part.apply(path(option, file)));
        return true;
    }

    static Path path(String option, String file) {
        try {
            if (!file.isEmpty()) {
                return Path.of(file);
            }
        } catch (InvalidPathException e) {
            throw new UsageException(option + ": value=" + file + "; give the name of a file");
        }
        throw new UsageException(option + ": length=0; give the name of a file");
    }

    /**
     * The media in the order in which they were named.
     *
     * @throws UsageException if one has no name
     */
    List<Part> parts() {
        return parts.stream().map(Supplier::get).toList();
    }

    /**
     * Checks the values.
     *
     * @param more whether videos may still come
     */
    MediaOptions toMediaOptions(boolean more) {
        if (audioInVideo && !video && !more) {
            throw new UsageException("--audio-in-video: videos=0; give one with --video");
        }
        return vision.toMediaOptions().withAudioInVideo(audioInVideo);
    }
}
