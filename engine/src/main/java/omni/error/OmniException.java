package omni.error;

/** Anything omni refuses or fails at, with a message a user can act on. */
public class OmniException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message {@code what: name=value, name=value; remedy} */
    public OmniException(String message) {
        super(message);
    }

    /**
     * @param message {@code what: name=value, name=value; remedy}
     * @param cause what was caught
     */
    public OmniException(String message, Throwable cause) {
        super(message, cause);
    }
}
