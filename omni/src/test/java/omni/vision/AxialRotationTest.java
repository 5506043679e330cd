package omni.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import omni.engine.SegmentAttention.Rotation;
import omni.engine.ThreadTeam;
import omni.engine.Workspace;
import omni.loader.VisionConfig;
import org.junit.jupiter.api.Test;

class AxialRotationTest {
    /** Heads of 12 channels: three angles of the row, three of the column. */
    private static final VisionConfig CONFIG = new VisionConfig(1, 24, 2, 8, 8, 3, 14, 2, 2, 56, List.of(), 10_000);

    @Test
    void anglesAreThoseOfRowAndColumnInWindowOrderForEveryStep() {
        PatchOrder order = new PatchOrder(6, 10, 2, 2);
        try (ThreadTeam team = new ThreadTeam(1);
                Workspace ws = new Workspace(team)) {
            Rotation rotation = AxialRotation.of(CONFIG, order, 2, ws);
            assertEquals(120, rotation.cos().rows());
            for (int t = 0; t < 120; t++) {
                int patch = order.windowIndex()[t % 60 / 4] * 4 + t % 4;
                for (int i = 0; i < 6; i++) {
                    int position = i < 3 ? order.rows()[patch] : order.columns()[patch];
                    double angle = position * Math.pow(10_000, -(i % 3) / 3.0);
                    String what = "row=" + t + ", angle=" + i;
                    assertEquals(Math.cos(angle), rotation.cos().get(t, i), 1e-6, what);
                    assertEquals(Math.sin(angle), rotation.sin().get(t, i), 1e-6, what);
                }
            }
        }
    }
}
