package omni;

/** Marks what is not built yet. Goes away with the last use. */
final class Unbuilt {
    private Unbuilt() {}

    @SuppressWarnings({"DoNotCallSuggester", "TypeParameterUnusedInFormals"})
    static <T> T value() {
        throw new UnsupportedOperationException("not built yet");
    }
}
