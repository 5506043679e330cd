package omni.cli;

/** What the process returns. */
final class ExitCode {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int INTERRUPTED = 130;

    /** As if SIGPIPE had ended the process. */
    static final int CLOSED_OUTPUT = 141;

    private ExitCode() {}
}
