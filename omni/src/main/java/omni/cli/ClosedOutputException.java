package omni.cli;

import java.io.IOException;

/** Standard output cannot be written: most often its reader, such as {@code head}, has enough. The command ends quietly. */
final class ClosedOutputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClosedOutputException(IOException cause) {
        super("standard output is closed", cause);
    }
}
