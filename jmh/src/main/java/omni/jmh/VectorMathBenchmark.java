package omni.jmh;

import java.lang.foreign.MemorySegment;
import omni.kernels.VectorMath;
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

/** Exponential, sine and cosine. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class VectorMathBenchmark {
    @Param({"127", "4098"})
    public int n;

    private MemorySegment x;
    private MemorySegment y;

    @Setup(Level.Trial)
    public void setUp() {
        x = Data.normal(n, 1, 3);
        y = Data.zeros(n);
        VectorMath.exp(x, 0, y, 0, n);
        for (int i = 0; i < n; i++) {
            Data.check("exp", Data.get(y, i), Math.exp(Data.get(x, i)), 1e-6);
        }
        VectorMath.sin(x, 0, y, 0, n);
        for (int i = 0; i < n; i++) {
            Data.check("sin", Data.get(y, i), Math.sin(Data.get(x, i)), 1e-6);
        }
        VectorMath.cos(x, 0, y, 0, n);
        for (int i = 0; i < n; i++) {
            Data.check("cos", Data.get(y, i), Math.cos(Data.get(x, i)), 1e-6);
        }
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Jvm.VECTOR)
    public void expVector(Work work) {
        exp(work);
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Jvm.VECTOR, Jvm.SCALAR})
    public void expScalar(Work work) {
        exp(work);
    }

    private void exp(Work work) {
        VectorMath.exp(x, 0, y, 0, n);
        work.add(n, 8.0 * n);
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Jvm.VECTOR)
    public void sinVector(Work work) {
        sin(work);
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Jvm.VECTOR, Jvm.SCALAR})
    public void sinScalar(Work work) {
        sin(work);
    }

    private void sin(Work work) {
        VectorMath.sin(x, 0, y, 0, n);
        work.add(n, 8.0 * n);
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Jvm.VECTOR)
    public void cosVector(Work work) {
        cos(work);
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Jvm.VECTOR, Jvm.SCALAR})
    public void cosScalar(Work work) {
        cos(work);
    }

    private void cos(Work work) {
        VectorMath.cos(x, 0, y, 0, n);
        work.add(n, 8.0 * n);
    }
}
