package omni.audio;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import omni.engine.Matrix;
import omni.engine.Workspace;
import omni.kernels.Elementwise;

/**
 * Fixed position embeddings: row p is {@code [sin(p w_0) .., cos(p w_0) ..]}, {@code w_i = exp(-i ln(10000) / (C/2 - 1))} (Vaswani et
 * al. 2017, section 3.5, as Whisper lays it out; {@code SinusoidsPositionEmbedding} in the reference, whose angles are float32).
 */
final class Sinusoids {
    private final Matrix table;

    /**
     * @param positions rows
     * @param channels C, even
     */
    Sinusoids(int positions, int channels) {
        MemorySegment data = Arena.ofAuto().allocate((long) positions * channels * Float.BYTES, Workspace.ALIGNMENT);
        table = new Matrix(data, 0, positions, channels, channels);
        int half = channels / 2;
        float step = (float) -(Math.log(10_000) / (half - 1));
        for (int i = 0; i < half; i++) {
            float frequency = (float) Math.exp(step * i);
            for (int p = 0; p < positions; p++) {
                float angle = p * frequency;
                table.set(p, i, (float) Math.sin(angle));
                table.set(p, half + i, (float) Math.cos(angle));
            }
        }
    }

    /** Adds positions 0, 1, ... to rows [T, C]. */
    void addTo(Matrix x) {
        for (int p = 0; p < x.rows(); p++) {
            long at = x.rowOffset(p);
            Elementwise.add(x.data(), at, table.data(), table.rowOffset(p), x.data(), at, x.cols());
        }
    }
}
