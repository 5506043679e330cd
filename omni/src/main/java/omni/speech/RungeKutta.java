package omni.speech;

import omni.engine.Matrix;
import omni.engine.Workspace;
import omni.kernels.Elementwise;

/**
 * A step of Kutta's 3/8 rule (1901) for {@code dy/dt = f(t, y)}, taken apart so that one evaluation of f is one call:
 *
 * <pre>
 * k1 = f(t0, y)
 * k2 = f(t0 + h/3, y + h k1 / 3)
 * k3 = f(t0 + 2h/3, y + h (k2 - k1 / 3))
 * k4 = f(t1, y + h (k1 - k2 + k3))
 * y += h (k1 + 3 (k2 + k3) + k4) / 8
 * </pre>
 */
final class RungeKutta {
    /** Evaluations of a step. */
    static final int STAGES = 4;

    private final Matrix y;
    private final Matrix x;
    private final Matrix[] slopes = new Matrix[STAGES];
    private int frames;

    /** @param frames most frames of a state */
    RungeKutta(int frames, int melBins, Workspace ws) {
        int rows = DitWorkspace.padded(frames);
        y = ws.matrix(rows, melBins);
        x = ws.matrix(rows, melBins);
        for (int stage = 0; stage < STAGES; stage++) {
            slopes[stage] = ws.matrix(rows, melBins);
        }
        this.frames = frames;
    }

    /** Bytes of it, predicted. */
    static long bytesFor(int frames, int melBins) {
        return (2L + STAGES) * DitWorkspace.padded(frames) * melBins * Float.BYTES;
    }

    /** The state [F, M] of a new solve, to be filled with its start. */
    Matrix begin(int frames) {
        this.frames = frames;
        return state();
    }

    /** The state y [F, M]. */
    Matrix state() {
        return y.rows(0, frames);
    }

    /** Where the result of evaluation {@code stage} goes [F, M]. */
    Matrix slope(int stage) {
        return slopes[stage].rows(0, frames);
    }

    /**
     * The state at which evaluation {@code stage}, 0 to 3, looks [padded F, M].
     *
     * @param h length of the step
     */
    Matrix point(int stage, float h) {
        int rows = DitWorkspace.padded(frames);
        if (stage == 0) {
            return y.rows(0, rows);
        }
        int n = frames * y.cols();
        Elementwise.copy(y.data(), y.offset(), x.data(), x.offset(), n);
        switch (stage) {
            case 1 -> add(h / 3, 0, x, n);
            case 2 -> {
                add(h, 1, x, n);
                add(-h / 3, 0, x, n);
            }
            default -> {
                add(h, 0, x, n);
                add(-h, 1, x, n);
                add(h, 2, x, n);
            }
        }
        return x.rows(0, rows);
    }

    /** Ends the step: all four slopes are there. */
    void advance(float h) {
        int n = frames * y.cols();
        add(h / 8, 0, y, n);
        add(3 * h / 8, 1, y, n);
        add(3 * h / 8, 2, y, n);
        add(h / 8, 3, y, n);
    }

    private void add(float factor, int stage, Matrix to, int n) {
        Elementwise.axpy(factor, slopes[stage].data(), slopes[stage].offset(), to.data(), to.offset(), n);
    }
}
