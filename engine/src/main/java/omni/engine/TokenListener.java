package omni.engine;

/** Told of every token as soon as it is chosen. */
@FunctionalInterface
public interface TokenListener {
    /**
     * @param index 0 for the first generated token
     * @param id the token, end tokens included
     */
    void token(int index, int id);
}
