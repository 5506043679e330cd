package omni.golden;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What one case compared: how many things, the one nearest to its tolerance or farthest beyond it, and every miss. */
public final class Findings {
    private int compared;
    private String worstWhat = "";
    private @Nullable Deviation worst;
    private final List<String> misses = new ArrayList<>();

    /** Records a comparison of {@code what}. */
    public void add(String what, Deviation deviation) {
        compared++;
        if (worst == null || deviation.ratio() > worst.ratio()) {
            worst = deviation;
            worstWhat = what;
        }
        if (!deviation.within()) {
            misses.add(what + ": " + deviation);
        }
    }

    /** Records that {@code what} was compared for equality. */
    public void equal(String what, Object expected, Object actual) {
        compared++;
        if (!expected.equals(actual)) {
            misses.add(what + ": expected " + shorten(expected) + ", got " + shorten(actual));
        }
    }

    /** Records that {@code what} must hold. */
    public void require(String what, boolean holds) {
        compared++;
        if (!holds) {
            misses.add(what);
        }
    }

    private static String shorten(Object value) {
        String text = String.valueOf(value);
        return text.length() <= 300 ? text : text.substring(0, 300) + " ... (" + text.length() + " characters)";
    }

    public boolean passed() {
        return misses.isEmpty() && compared > 0;
    }

    /** Every miss, one a line. */
    public String misses() {
        return compared == 0 ? "nothing was compared" : String.join("\n", misses);
    }

    /** The table's columns behind the name. */
    public String summary() {
        if (worst == null || worst.ratio() == 0) {
            return compared
                    + (misses.isEmpty() ? " compared, all equal" : " compared, " + misses.size() + " different");
        }
        return String.format(
                Locale.ROOT,
                "%d compared, largest %s %.2e in %s, %.3g of its tolerance",
                compared,
                worst.measure(),
                worst.error(),
                worstWhat,
                worst.ratio());
    }
}
