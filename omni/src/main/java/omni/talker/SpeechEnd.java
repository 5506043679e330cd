package omni.talker;

/** Why a sequence of codes ended. */
public enum SpeechEnd {
    /** The Talker said that it is done. */
    MARK("eos"),
    /** The limit of codes or the context was reached. */
    LENGTH("length"),
    /** The text ended long ago and the Talker still went on: {@link SpeechLimits#mostCodes}. */
    BEYOND_TEXT("beyond text"),
    /** The reply's text had fewer than two tokens, so there was nothing to say. */
    NO_TEXT("no text"),
    /** It was cancelled. */
    INTERRUPTED("interrupted");

    private final String text;

    SpeechEnd(String text) {
        this.text = text;
    }

    /** As written in results. */
    @Override
    public String toString() {
        return text;
    }
}
