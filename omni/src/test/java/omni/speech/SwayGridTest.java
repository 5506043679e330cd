package omni.speech;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import omni.error.RequestException;
import omni.fixture.Thrown;
import org.junit.jupiter.api.Test;

class SwayGridTest {
    @Test
    void isDenseNearTheStart() {
        // 1 - cos(pi t / 2) for t = 0, 1/3, 2/3, 1.
        SwayGrid grid = new SwayGrid(4, SwayGrid.COEFFICIENT);
        assertArrayEquals(
                new float[] {0, (float) (1 - Math.sqrt(3) / 2), 0.5f, 1}, grid.points(), 1e-7f, grid.toString());
        assertEquals(3, grid.steps());
        assertEquals(0.5f, grid.length(2), 1e-7f);
    }

    @Test
    void isEvenWithoutSway() {
        assertArrayEquals(new float[] {0, 0.25f, 0.5f, 0.75f, 1}, new SwayGrid(5, 0).points());
    }

    @Test
    void namesEveryTimeOfAnEvaluationOnce() {
        SwayGrid grid = new SwayGrid(3, 0);
        float[] times = grid.times();
        assertArrayEquals(new float[] {0, 1 / 6f, 1 / 3f, 0.5f, 2 / 3f, 5 / 6f, 1}, times, 1e-7f);
        assertEquals(grid.points()[1], times[SwayGrid.time(0, 3)]);
        assertEquals(grid.points()[1], times[SwayGrid.time(1, 0)]);
        assertEquals(grid.points()[2], times[SwayGrid.time(1, 3)]);
    }

    @Test
    void shouldRefuseASinglePoint() {
        assertEquals(
                "solver: steps=1; at least 2 time points are needed",
                Thrown.message(RequestException.class, () -> new SwayGrid(1, -1)));
    }
}
