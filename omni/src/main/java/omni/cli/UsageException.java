package omni.cli;

/** The command line asks for something that does not exist or contradicts itself. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message {@code what: name=value, name=value; remedy} */
    UsageException(String message) {
        super(message);
    }
}
