package omni;

/** Why a reply ended. */
public enum StopReason {
    /** The model wrote one of its end marks. */
    EOS("eos"),
    /** The token limit of the request or the end of the context was reached. */
    LENGTH("length"),
    /** Somebody cancelled the reply. */
    INTERRUPTED("interrupted");

    private final String label;

    StopReason(String label) {
        this.label = label;
    }

    /** The name that machine-readable output uses: {@code eos}, {@code length} or {@code interrupted}. */
    public String label() {
        return label;
    }
}
