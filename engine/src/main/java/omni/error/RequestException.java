package omni.error;

/** A request, option or prompt is wrong or does not fit the model's limits. */
public final class RequestException extends OmniException {
    private static final long serialVersionUID = 1L;

    /** @param message {@code what: name=value, name=value; remedy} */
    public RequestException(String message) {
        super(message);
    }

    /**
     * @param message {@code what: name=value, name=value; remedy}
     * @param cause what was caught
     */
    public RequestException(String message, Throwable cause) {
        super(message, cause);
    }
}
