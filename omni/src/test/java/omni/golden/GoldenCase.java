package omni.golden;

import org.jspecify.annotations.Nullable;

/**
 * One line of the conformance table.
 *
 * @param name group and case
 * @param check what is run; reports what it compared
 * @param notBuilt why the case cannot be run yet, or null
 */
public record GoldenCase(String name, Check check, @Nullable String notBuilt) {
    /** A comparison with the reference. */
    @FunctionalInterface
    public interface Check {
        void run(Findings findings) throws Exception;
    }

    public static GoldenCase of(String name, Check check) {
        return new GoldenCase(name, check, null);
    }

    /** A case whose module does not exist yet. */
    public static GoldenCase notBuilt(String name, String module) {
        return new GoldenCase(name, findings -> {}, module);
    }
}
