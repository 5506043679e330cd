package omni.jmh;

import java.lang.foreign.MemorySegment;
import omni.kernels.Fft;
import omni.kernels.FftPlan;
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

/** Power spectra of 32 frames with a window. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class FftBenchmark {
    private static final int FRAMES = 32;

    @Param({"400", "1024", "1006"})
    public int length;

    private FftPlan plan;
    private MemorySegment x;
    private MemorySegment window;
    private MemorySegment y;

    @Setup(Level.Trial)
    public void setUp() {
        plan = FftPlan.of(length);
        x = Data.normal((long) FRAMES * length, 1, 1);
        window = Data.normal(length, 2, 1);
        y = Data.zeros((long) FRAMES * plan.bins());
        Fft.power(plan, x, 0, length, window, 0, y, 0, plan.bins(), FRAMES);
        for (int bin = 0; bin < plan.bins(); bin += 7) {
            double re = 0;
            double im = 0;
            for (int i = 0; i < length; i++) {
                double v = Data.get(x, i) * Data.get(window, i);
                re += v * Math.cos(2 * Math.PI * bin * i / length);
                im -= v * Math.sin(2 * Math.PI * bin * i / length);
            }
            Data.check("power", Data.get(y, bin), re * re + im * im, 1e-3);
        }
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Jvm.VECTOR)
    public void powerVector(Work work) {
        power(work);
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Jvm.VECTOR, Jvm.SCALAR})
    public void powerScalar(Work work) {
        power(work);
    }

    private void power(Work work) {
        Fft.power(plan, x, 0, length, window, 0, y, 0, plan.bins(), FRAMES);
        work.add(2.5 * FRAMES * length * Math.log(length) / Math.log(2), 4.0 * FRAMES * (length + plan.bins()));
    }
}
