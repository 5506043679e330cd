package omni.speech;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import omni.engine.Matrix;
import omni.engine.Workspace;
import omni.kernels.Elementwise;

/**
 * A voice as the diffusion transformer takes it: what its speaker vectors contribute to the input of every frame, made once. Immutable
 * and safe for use by several threads; freed with its last reference.
 */
public final class DitVoice {
    private final Matrix conditional;
    private final Matrix unconditional;

    /**
     * @param conditional what the voice contributes to a frame [1, C]
     * @param unconditional what stands there, code included, without conditions [1, C]
     */
    DitVoice(Matrix conditional, Matrix unconditional) {
        this.conditional = kept(conditional);
        this.unconditional = kept(unconditional);
    }

    private static Matrix kept(Matrix row) {
        MemorySegment copy = Arena.ofAuto().allocate((long) row.cols() * Float.BYTES, Workspace.ALIGNMENT);
        Elementwise.copy(row.data(), row.offset(), copy, 0, row.cols());
        return new Matrix(copy, 0, 1, row.cols(), row.cols());
    }

    Matrix conditional() {
        return conditional;
    }

    Matrix unconditional() {
        return unconditional;
    }
}
