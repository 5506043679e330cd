package omni.perception;

/** Hears how far an encoder has come; called often, by the thread that encodes. */
@FunctionalInterface
public interface Progress {
    /** Nobody listens. */
    Progress SILENT = tokens -> {};

    /** @param tokens embeddings that are as good as computed */
    void reached(int tokens);
}
