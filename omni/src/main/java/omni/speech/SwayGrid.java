package omni.speech;

import java.util.Arrays;
import omni.error.RequestException;

/**
 * The points in time between which the solver steps, denser near the start where the noise turns into speech: {@code t' = t + s (cos(pi t /
 * 2) - 1 + t)} of evenly spaced t (Chen et al., "F5-TTS", 2024, section 3.3, sway sampling). Computed in float32, as in the reference.
 *
 * <p>A step of the 3/8 rule looks at its start, one third, two thirds and its end; the end is the next step's start. So n points need
 * 4 (n - 1) evaluations at 3 (n - 1) + 1 distinct times.
 */
public final class SwayGrid {
    /** What the model is sampled with. */
    public static final float COEFFICIENT = -1;

    private static final float THIRD = (float) (1 / 3.0);
    private static final float TWO_THIRDS = (float) (2 / 3.0);

    private final float[] points;

    /**
     * @param points their number, at least 2
     * @param coefficient s
     * @throws RequestException if there are fewer than two points
     */
    public SwayGrid(int points, float coefficient) {
        if (points < 2) {
            throw new RequestException("solver: steps=" + points + "; at least 2 time points are needed");
        }
        this.points = new float[points];
        // Like linspace in float32: from both ends towards the middle, so that the last point is exactly 1.
        float spacing = 1f / (points - 1);
        for (int i = 0; i < points; i++) {
            float t = i < points / 2 ? i * spacing : 1 - (points - 1 - i) * spacing;
            float angle = (float) (Math.PI / 2) * t;
            this.points[i] = t + coefficient * ((float) Math.cos(angle) - 1 + t);
        }
    }

    /** The points, ascending from 0 to 1. */
    public float[] points() {
        return points.clone();
    }

    /** Number of steps, one less than points. */
    public int steps() {
        return points.length - 1;
    }

    /** Length of step {@code step}. */
    public float length(int step) {
        return points[step + 1] - points[step];
    }

    /** The times at which the function is evaluated, ascending, each once. */
    public float[] times() {
        float[] times = new float[3 * steps() + 1];
        for (int step = 0; step < steps(); step++) {
            times[3 * step] = points[step];
            times[3 * step + 1] = points[step] + length(step) * THIRD;
            times[3 * step + 2] = points[step] + length(step) * TWO_THIRDS;
        }
        times[3 * steps()] = points[steps()];
        return times;
    }

    /** Which of {@link #times} evaluation {@code stage}, 0 to 3, of a step looks at. */
    public static int time(int step, int stage) {
        return 3 * step + stage;
    }

    @Override
    public String toString() {
        return Arrays.toString(points);
    }
}
