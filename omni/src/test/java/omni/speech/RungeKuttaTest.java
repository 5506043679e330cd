package omni.speech;

import static org.junit.jupiter.api.Assertions.assertEquals;

import omni.engine.Matrix;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import org.junit.jupiter.api.Test;

class RungeKuttaTest {
    private interface Equation {
        double slope(double t, double y);
    }

    /** Solves from 0 to 1 for some starts at once, in even steps. */
    private static Matrix solve(Equation f, int steps, Workspace ws, float... starts) {
        RungeKutta solver = new RungeKutta(starts.length + 3, 1, ws);
        Matrix y = solver.begin(starts.length);
        for (int i = 0; i < starts.length; i++) {
            y.set(i, 0, starts[i]);
        }
        float h = 1f / steps;
        double[] nodes = {0, 1 / 3.0, 2 / 3.0, 1};
        for (int step = 0; step < steps; step++) {
            for (int stage = 0; stage < RungeKutta.STAGES; stage++) {
                Matrix x = solver.point(stage, h);
                for (int i = 0; i < starts.length; i++) {
                    solver.slope(stage).set(i, 0, (float) f.slope((step + nodes[stage]) * h, x.get(i, 0)));
                }
            }
            solver.advance(h);
        }
        return solver.state();
    }

    @Test
    void isExactForCubicsInTime() {
        try (ThreadTeam team = new ThreadTeam(1);
                Workspace ws = new Workspace(team)) {
            Matrix y = solve((t, state) -> 4 * t * t * t - 6 * t * t + 1, 1, ws, 2, -3);
            assertEquals(2, y.get(0, 0), 1e-6);
            assertEquals(-3, y.get(1, 0), 1e-6);
        }
    }

    @Test
    void convergesWithTheFourthPowerOfTheStep() {
        try (ThreadTeam team = new ThreadTeam(1);
                Workspace ws = new Workspace(team)) {
            // y' = -3 y + t: errors of one and two steps, whose ratio is near 2^4.
            Equation f = (t, y) -> -3 * y + t;
            double exact = 1 / 3.0 - 1 / 9.0 + (1 + 1 / 9.0) * Math.exp(-3);
            double two = Math.abs(solve(f, 4, ws, 1).get(0, 0) - exact);
            double four = Math.abs(solve(f, 8, ws, 1).get(0, 0) - exact);
            assertEquals(20, two / four, 6, two + " and " + four);
        }
    }

    @Test
    void looksWhereTheRuleSays() {
        try (ThreadTeam team = new ThreadTeam(1);
                Workspace ws = new Workspace(team)) {
            RungeKutta solver = new RungeKutta(1, 1, ws);
            solver.begin(1).set(0, 0, 10);
            float h = 0.5f;
            float[] expected = {10, 10 + h * 6 / 3, 10 + h * (9 - 2), 10 + h * (6 - 9 + 12)};
            float[] slopes = {6, 9, 12, 30};
            for (int stage = 0; stage < RungeKutta.STAGES; stage++) {
                assertEquals(expected[stage], solver.point(stage, h).get(0, 0), 1e-6, "stage " + stage);
                solver.slope(stage).set(0, 0, slopes[stage]);
            }
            solver.advance(h);
            assertEquals(10 + h * (6 + 3 * (9 + 12) + 30) / 8, solver.state().get(0, 0), 1e-5);
        }
    }
}
