package omni.jmh;

import java.lang.foreign.MemorySegment;
import omni.kernels.Activation;
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

/** SiLU times gate, and GELU. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class ActivationBenchmark {
    @Param({"127", "11008"})
    public int n;

    private MemorySegment gate;
    private MemorySegment up;
    private MemorySegment y;

    @Setup(Level.Trial)
    public void setUp() {
        gate = Data.normal(n, 1, 2);
        up = Data.normal(n, 2, 1);
        y = Data.zeros(n);
        Activation.siluMul(gate, 0, up, 0, y, 0, n);
        for (int i = 0; i < n; i++) {
            double g = Data.get(gate, i);
            Data.check("silu", Data.get(y, i), g / (1 + Math.exp(-g)) * Data.get(up, i), 1e-5);
        }
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Jvm.VECTOR)
    public void siluMulVector(Work work) {
        siluMul(work);
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Jvm.VECTOR, Jvm.SCALAR})
    public void siluMulScalar(Work work) {
        siluMul(work);
    }

    private void siluMul(Work work) {
        Activation.siluMul(gate, 0, up, 0, y, 0, n);
        work.add(4.0 * n, 12.0 * n);
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Jvm.VECTOR)
    public void geluVector(Work work) {
        gelu(work);
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Jvm.VECTOR, Jvm.SCALAR})
    public void geluScalar(Work work) {
        gelu(work);
    }

    private void gelu(Work work) {
        Activation.gelu(gate, 0, y, 0, n);
        work.add(4.0 * n, 8.0 * n);
    }
}
