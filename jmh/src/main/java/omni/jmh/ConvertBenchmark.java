package omni.jmh;

import java.lang.foreign.MemorySegment;
import omni.kernels.Convert;
import omni.kernels.FloatFormat;
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

/** Stored weights to float32 and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class ConvertBenchmark {
    @Param({"BF16", "F16"})
    public FloatFormat format;

    @Param({"127", "65537"})
    public int n;

    private MemorySegment x;
    private MemorySegment stored;
    private MemorySegment y;

    @Setup(Level.Trial)
    public void setUp() {
        x = Data.normal(n, 1, 1);
        stored = Data.zeros(n);
        y = Data.zeros(n);
        Convert.fromF32(x, 0, format, stored, 0, n);
        Convert.toF32(stored, 0, format, y, 0, n);
        for (int i = 0; i < n; i++) {
            Data.check("convert", Data.get(y, i), Data.get(x, i), 0.008);
        }
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Jvm.VECTOR)
    public void toF32Vector(Work work) {
        toF32(work);
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Jvm.VECTOR, Jvm.SCALAR})
    public void toF32Scalar(Work work) {
        toF32(work);
    }

    private void toF32(Work work) {
        Convert.toF32(stored, 0, format, y, 0, n);
        work.add(0, 6.0 * n);
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Jvm.VECTOR)
    public void fromF32Vector(Work work) {
        fromF32(work);
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Jvm.VECTOR, Jvm.SCALAR})
    public void fromF32Scalar(Work work) {
        fromF32(work);
    }

    private void fromF32(Work work) {
        Convert.fromF32(x, 0, format, stored, 0, n);
        work.add(0, 6.0 * n);
    }
}
