package omni.error;

/** A checkpoint file or folder is missing, broken, hostile or of an unsupported kind. */
public final class ModelFormatException extends OmniException {
    private static final long serialVersionUID = 1L;

    /** @param message {@code what: name=value, name=value; remedy} */
    public ModelFormatException(String message) {
        super(message);
    }

    /**
     * @param message {@code what: name=value, name=value; remedy}
     * @param cause what was caught
     */
    public ModelFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
