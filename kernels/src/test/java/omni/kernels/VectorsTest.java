package omni.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class VectorsTest {
    private static float sum(float[] x) {
        return Vectors.sum(FloatVector.fromArray(Vectors.F32, x, 0));
    }

    private static float halvesFirst(float[] x) {
        float[] lanes = x.clone();
        for (int half = lanes.length / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                lanes[i] += lanes[i + half];
            }
        }
        return lanes[0];
    }

    /** Long enough for C2 to compile it: the bits before and after must agree. */
    @Test
    void addsLanesInOneOrderInterpretedAndCompiled() {
        Random random = new Random(21);
        float[][] x = new float[100][Vectors.LANES];
        float[] expected = new float[x.length];
        for (int k = 0; k < x.length; k++) {
            for (int i = 0; i < Vectors.LANES; i++) {
                x[k][i] = (float) random.nextGaussian();
            }
            expected[k] = halvesFirst(x[k]);
        }
        for (int round = 0; round < 2000; round++) {
            for (int k = 0; k < x.length; k++) {
                assertEquals(expected[k], sum(x[k]), "round=" + round + ", k=" + k + ", seed=21");
            }
        }
    }

    @Test
    void knowsTheNumberOfRegisters() {
        assertEquals(16, Vectors.registers("amd64", 256));
        assertEquals(32, Vectors.registers("amd64", 512));
        assertEquals(32, Vectors.registers("aarch64", 128));
    }
}
