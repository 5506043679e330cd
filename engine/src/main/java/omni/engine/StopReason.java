package omni.engine;

/** Why a generation ended. */
public enum StopReason {
    /** An end token was produced. */
    EOS("eos"),
    /** The token limit or the context limit was reached. */
    LENGTH("length"),
    /** It was cancelled. */
    INTERRUPTED("interrupted");

    private final String text;

    StopReason(String text) {
        this.text = text;
    }

    /** As written in results: {@code eos}, {@code length}, {@code interrupted}. */
    @Override
    public String toString() {
        return text;
    }
}
