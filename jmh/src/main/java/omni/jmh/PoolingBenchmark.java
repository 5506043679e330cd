package omni.jmh;

import java.lang.foreign.MemorySegment;
import omni.kernels.Pooling;
import omni.kernels.Softmax;
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

/** Weighted means and deviations of channels over time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class PoolingBenchmark {
    private static final int CHANNELS = 33;

    @Param({"127", "300"})
    public int frames;

    private MemorySegment x;
    private MemorySegment weights;
    private MemorySegment out;

    @Setup(Level.Trial)
    public void setUp() {
        x = Data.normal((long) CHANNELS * frames, 1, 1);
        weights = Data.normal((long) CHANNELS * frames, 2, 1);
        Softmax.rows(weights, 0, frames, CHANNELS, frames);
        out = Data.zeros(2L * CHANNELS);
        statistics();
        for (int c = 0; c < CHANNELS; c++) {
            double mean = 0;
            double squares = 0;
            for (int t = 0; t < frames; t++) {
                long i = (long) c * frames + t;
                mean += Data.get(weights, i) * Data.get(x, i);
                squares += Data.get(weights, i) * (double) Data.get(x, i) * Data.get(x, i);
            }
            Data.check("mean", Data.get(out, c), mean, 1e-5);
            Data.check("deviation", Data.get(out, CHANNELS + c), Math.sqrt(squares - mean * mean), 1e-5);
        }
    }

    private void statistics() {
        Pooling.statistics(x, 0, frames, weights, 0, frames, CHANNELS, frames, 1e-12f, out, 0, out, CHANNELS);
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Jvm.VECTOR)
    public void statisticsVector(Work work) {
        pool(work);
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Jvm.VECTOR, Jvm.SCALAR})
    public void statisticsScalar(Work work) {
        pool(work);
    }

    private void pool(Work work) {
        statistics();
        work.add(6.0 * CHANNELS * frames, 8.0 * CHANNELS * frames);
    }
}
