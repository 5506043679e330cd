package omni.jmh;

import java.lang.foreign.MemorySegment;
import omni.kernels.Elementwise;
import omni.kernels.Reduce;
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

/** Sums, products, scaled sums and reductions of rows. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class ElementwiseBenchmark {
    @Param({"127", "2048", "151935"})
    public int n;

    private MemorySegment a;
    private MemorySegment b;
    private MemorySegment y;

    @Setup(Level.Trial)
    public void setUp() {
        a = Data.normal(n, 1, 1);
        b = Data.normal(n, 2, 1);
        y = Data.zeros(n);
        Elementwise.add(a, 0, b, 0, y, 0, n);
        double sum = 0;
        for (int i = 0; i < n; i++) {
            Data.check("add", Data.get(y, i), Data.get(a, i) + Data.get(b, i), 0);
            sum += Data.get(a, i);
        }
        Elementwise.addMul(a, 0, b, 0, y, 0, n);
        for (int i = 0; i < n; i++) {
            double expected = Data.get(a, i) + (double) Data.get(b, i) + Data.get(a, i) * (double) Data.get(b, i);
            Data.check("addMul", Data.get(y, i), expected, 1e-5);
        }
        Data.check("sum", Reduce.sum(a, 0, n), sum, 1e-3);
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Jvm.VECTOR)
    public void addVector(Work work) {
        add(work);
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Jvm.VECTOR, Jvm.SCALAR})
    public void addScalar(Work work) {
        add(work);
    }

    private void add(Work work) {
        Elementwise.add(a, 0, b, 0, y, 0, n);
        work.add(n, 12.0 * n);
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Jvm.VECTOR)
    public void axpyVector(Work work) {
        axpy(work);
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Jvm.VECTOR, Jvm.SCALAR})
    public void axpyScalar(Work work) {
        axpy(work);
    }

    private void axpy(Work work) {
        Elementwise.axpy(1e-6f, a, 0, y, 0, n);
        work.add(2.0 * n, 12.0 * n);
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Jvm.VECTOR)
    public void addMulVector(Work work) {
        addMul(work);
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Jvm.VECTOR, Jvm.SCALAR})
    public void addMulScalar(Work work) {
        addMul(work);
    }

    private void addMul(Work work) {
        Elementwise.addMul(a, 0, b, 0, y, 0, n);
        work.add(2.0 * n, 16.0 * n);
    }

    private float kept;

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Jvm.VECTOR)
    public void sumVector(Work work) {
        sum(work);
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Jvm.VECTOR, Jvm.SCALAR})
    public void sumScalar(Work work) {
        sum(work);
    }

    private void sum(Work work) {
        kept += Reduce.sum(a, 0, n);
        work.add(n, 4.0 * n);
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Jvm.VECTOR)
    public void argMaxVector(Work work) {
        argMax(work);
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Jvm.VECTOR, Jvm.SCALAR})
    public void argMaxScalar(Work work) {
        argMax(work);
    }

    private void argMax(Work work) {
        kept += Reduce.argMax(a, 0, n);
        work.add(n, 4.0 * n);
    }
}
