package omni.jmh;

import java.lang.foreign.MemorySegment;
import omni.kernels.LayerNorm;
import omni.kernels.RmsNorm;
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

/** RMSNorm and LayerNorm of rows. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class NormBenchmark {
    private static final int ROWS = 33;

    @Param({"127", "2048"})
    public int channels;

    private MemorySegment x;
    private MemorySegment weight;
    private MemorySegment y;

    @Setup(Level.Trial)
    public void setUp() {
        x = Data.normal((long) ROWS * channels, 1, 1);
        weight = Data.normal(channels, 2, 1);
        y = Data.zeros((long) ROWS * channels);
        RmsNorm.rows(x, 0, channels, weight, 0, 1e-6f, y, 0, channels, ROWS, channels);
        for (int t = 0; t < ROWS; t++) {
            double squares = 0;
            for (int c = 0; c < channels; c++) {
                double v = Data.get(x, (long) t * channels + c);
                squares += v * v;
            }
            double factor = 1 / Math.sqrt(squares / channels + 1e-6);
            for (int c = 0; c < channels; c++) {
                long i = (long) t * channels + c;
                Data.check("rms norm", Data.get(y, i), Data.get(x, i) * factor * Data.get(weight, c), 1e-5);
            }
        }
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Jvm.VECTOR)
    public void rmsNormVector(Work work) {
        rmsNorm(work);
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Jvm.VECTOR, Jvm.SCALAR})
    public void rmsNormScalar(Work work) {
        rmsNorm(work);
    }

    private void rmsNorm(Work work) {
        RmsNorm.rows(x, 0, channels, weight, 0, 1e-6f, y, 0, channels, ROWS, channels);
        work.add(4.0 * ROWS * channels, 8.0 * ROWS * channels);
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Jvm.VECTOR)
    public void layerNormVector(Work work) {
        layerNorm(work);
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Jvm.VECTOR, Jvm.SCALAR})
    public void layerNormScalar(Work work) {
        layerNorm(work);
    }

    private void layerNorm(Work work) {
        LayerNorm.rows(x, 0, channels, weight, 0, null, 0, 1e-5f, y, 0, channels, ROWS, channels);
        work.add(7.0 * ROWS * channels, 8.0 * ROWS * channels);
    }
}
