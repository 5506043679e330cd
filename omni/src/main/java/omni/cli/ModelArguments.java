package omni.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import omni.Omni;
import omni.OpenOptions;
import omni.error.RequestException;
import omni.kernels.KernelProvider;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Threads and context: how a checkpoint is opened. */
final class ModelArguments {
    private static final int MAX_THREADS = 1024;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            order = OptionSections.MACHINE,
            description = "Threads that compute at once (default: one per processor).")
    private @Nullable Integer threads;

    @Option(
            names = {"-c", "--ctx-size"},
            paramLabel = "N",
            order = OptionSections.MACHINE + 1,
            description = "Most tokens of prompts and answers together (default: what the model was made for, at most "
                    + OpenOptions.DEFAULT_CONTEXT_LIMIT + ").")
    private @Nullable Integer contextSize;

    /** Checks the values, as far as that is possible without the model. */
    OpenOptions toOpenOptions() {
        if (threads != null && (threads < 1 || threads > MAX_THREADS)) {
            throw new UsageException("--threads: value=" + threads + "; give 1 to " + MAX_THREADS
                    + ", or leave it out for one per processor");
        }
        if (contextSize != null && contextSize < 1) {
            throw new UsageException(
                    "--ctx-size: value=" + contextSize + "; give 1 or more, or leave it out for the model's own");
        }
        return new OpenOptions(threads == null ? 0 : threads, contextSize == null ? 0 : contextSize, 0);
    }

    /** Opens the checkpoint, once it is known that there are kernels for it. */
    static Omni open(String model, OpenOptions options) {
        Path folder = folder(model);
        try {
            KernelProvider.description();
        } catch (IllegalStateException e) {
            throw new RequestException(String.valueOf(e.getMessage()), e);
        }
        return Omni.open(folder, options);
    }

    /** The folder that MODEL names. */
    static Path folder(String model) {
        try {
            return Path.of(model);
        } catch (InvalidPathException e) {
            throw new UsageException("MODEL: value=" + model + "; give the folder of a checkpoint");
        }
    }
}
