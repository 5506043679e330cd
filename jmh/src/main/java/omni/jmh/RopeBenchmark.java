package omni.jmh;

import java.lang.foreign.MemorySegment;
import omni.kernels.Elementwise;
import omni.kernels.Rope;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Rotation of the heads of 33 rows. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class RopeBenchmark {
    private static final int ROWS = 33;
    private static final int HEADS = 18;

    @Param({"40", "128"})
    public int headDim;

    private MemorySegment x;
    private MemorySegment cos;
    private MemorySegment sin;

    @Setup(Level.Trial)
    public void setUp() {
        int width = HEADS * headDim;
        MemorySegment original = Data.normal((long) ROWS * width, 1, 1);
        x = Data.zeros((long) ROWS * width);
        Elementwise.copy(original, 0, x, 0, ROWS * width);
        int half = headDim / 2;
        cos = Data.zeros((long) ROWS * half);
        sin = Data.zeros((long) ROWS * half);
        for (int t = 0; t < ROWS; t++) {
            for (int i = 0; i < half; i++) {
                double angle = t * Math.pow(1e6, -2.0 * i / headDim);
                cos.setAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, (long) t * half + i, (float) Math.cos(angle));
                sin.setAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, (long) t * half + i, (float) Math.sin(angle));
            }
        }
        Rope.halfSplit(x, 0, width, ROWS, HEADS, headDim, cos, sin, 0, half);
        for (int t = 0; t < ROWS; t++) {
            for (int h = 0; h < HEADS; h++) {
                for (int i = 0; i < half; i++) {
                    long at = (long) t * width + (long) h * headDim + i;
                    double a = Data.get(original, at);
                    double b = Data.get(original, at + half);
                    double c = Data.get(cos, (long) t * half + i);
                    double s = Data.get(sin, (long) t * half + i);
                    Data.check("rope", Data.get(x, at), a * c - b * s, 1e-5);
                    Data.check("rope", Data.get(x, at + half), b * c + a * s, 1e-5);
                }
            }
        }
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Jvm.VECTOR)
    public void halfSplitVector(Work work) {
        halfSplit(work);
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Jvm.VECTOR, Jvm.SCALAR})
    public void halfSplitScalar(Work work) {
        halfSplit(work);
    }

    private void halfSplit(Work work) {
        Rope.halfSplit(x, 0, HEADS * headDim, ROWS, HEADS, headDim, cos, sin, 0, headDim / 2);
        work.add(3.0 * ROWS * HEADS * headDim, 8.0 * ROWS * HEADS * headDim);
    }
}
