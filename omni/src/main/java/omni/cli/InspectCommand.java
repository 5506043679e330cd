package omni.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import omni.draw.PngFile;
import omni.engine.ThreadTeam;
import omni.error.OmniException;
import omni.error.RequestException;
import omni.vision.VisionOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code omni inspect}: what a model is given of a file. */
@Command(
        name = "inspect",
        description = {
            "Draws what a model is given of sounds, pictures and videos, as PNG, and prints a line for each file.",
            "",
            "A sound becomes FILE.mel.png, its log-mel spectrogram with the encoder's blocks; a picture FILE.patches.png,"
                    + " resized, with its patches and the cells that are a token each; a video FILE.frames.png, the frames"
                    + " taken of it with their times and temporal ids, and its sound FILE.mel.png.",
            "",
            "No model is needed: without --model the rules of the released Qwen2.5-Omni are used."
        },
        customSynopsis = "omni inspect FILE... [--model MODEL] [--out DIR] [OPTIONS]",
        footer = {
            "%nExamples:",
            "  omni inspect question.wav photo.jpg clip.mp4",
            "  omni inspect clip.mp4 --fps 1 --max-pixels 200000",
            "  omni inspect scan.png --model qwen-omni-3b --out drawings",
        })
final class InspectCommand implements Callable<Integer> {
    private final Streams streams;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Sounds, pictures, videos, and folders of frames.")
    private List<String> files = new ArrayList<>();

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            order = 1,
            description = "Folder of a checkpoint whose rules are used; its weights are not read.")
    private @Nullable String model;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            order = 2,
            description = "Folder for the drawings, made if it is not there (default: the current one). A drawing of"
                    + " omni's is replaced by a new one of the same name; any other file stays.")
    private @Nullable String out;

    @Mixin
    private VisionArguments vision = new VisionArguments();

    InspectCommand(Session session) {
        this.streams = session.streams();
    }

    @Override
    public Integer call() throws IOException {
        VisionOptions options = vision.toVisionOptions();
        Path folder = folder();
        InspectionRules rules =
                model == null ? InspectionRules.RELEASED : InspectionRules.of(ModelArguments.folder(model));
        if (model == null) {
            streams.err().println(streams.dim("rules of " + rules.origin() + "; --model MODEL for those of another"));
        }
        boolean failed = false;
        Set<Path> written = new HashSet<>();
        try (ThreadTeam team = new ThreadTeam(Runtime.getRuntime().availableProcessors())) {
            Inspector inspector = new Inspector(rules, options, team);
            for (String file : files) {
                try {
                    inspect(inspector, MediaArguments.path("FILE", file), folder, written);
                } catch (OmniException e) {
                    // One bad file says nothing about the others.
                    streams.err().println("omni: " + Failures.message(e));
                    failed = true;
                }
            }
        }
        return failed ? ExitCode.FAILED : ExitCode.DONE;
    }

    private void inspect(Inspector inspector, Path file, Path folder, Set<Path> written) {
        Inspector.Finding finding = inspector.inspect(file);
        List<String> names = new ArrayList<>();
        for (Inspector.Drawing drawing : finding.drawings()) {
            Path target = target(folder, Inspector.name(file), drawing.suffix(), written);
            boolean replaced = Files.exists(target);
            if (replaced && !PngFile.isDrawing(target)) {
                throw new RequestException("inspect: file=" + target
                        + "; it exists and is no drawing of omni's, move it or give another folder with --out");
            }
            PngFile.write(drawing.canvas(), target);
            written.add(target);
            names.add(target + (replaced ? " (replaced)" : ""));
        }
        streams.printLine(file + ": " + finding.summary() + "; wrote " + String.join(", ", names));
    }

    /** Files of the same name from several folders get numbers. */
    private static Path target(Path folder, String name, String suffix, Set<Path> written) {
        Path target = folder.resolve(name + "." + suffix + ".png");
        for (int i = 2; written.contains(target); i++) {
            target = folder.resolve(name + "." + i + "." + suffix + ".png");
        }
        return target;
    }

    private Path folder() {
        if (out == null) {
            return Path.of("");
        }
        try {
            return Files.createDirectories(Path.of(out));
        } catch (IOException | InvalidPathException e) {
            throw new RequestException("--out: folder=" + out + "; it cannot be made: " + e.getMessage(), e);
        }
    }
}
