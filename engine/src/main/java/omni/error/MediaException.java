package omni.error;

/** A sound, picture or video cannot be read or does not fit what the model accepts. */
public final class MediaException extends OmniException {
    private static final long serialVersionUID = 1L;

    /** @param message {@code what: name=value, name=value; remedy} */
    public MediaException(String message) {
        super(message);
    }

    /**
     * @param message {@code what: name=value, name=value; remedy}
     * @param cause what was caught
     */
    public MediaException(String message, Throwable cause) {
        super(message, cause);
    }
}
