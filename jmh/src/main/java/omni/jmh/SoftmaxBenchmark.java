package omni.jmh;

import java.lang.foreign.MemorySegment;
import omni.kernels.Elementwise;
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

/** Softmax of rows. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class SoftmaxBenchmark {
    @Param({"207", "151936"})
    public int columns;

    private MemorySegment logits;
    private MemorySegment y;

    @Setup(Level.Trial)
    public void setUp() {
        logits = Data.normal(columns, 1, 3);
        y = Data.zeros(columns);
        Elementwise.copy(logits, 0, y, 0, columns);
        Softmax.rows(y, 0, columns, 1, columns);
        double total = 0;
        for (int i = 0; i < columns; i++) {
            total += Math.exp(Data.get(logits, i));
        }
        for (int i = 0; i < columns; i++) {
            Data.check("softmax", Data.get(y, i), Math.exp(Data.get(logits, i)) / total, 1e-5);
        }
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Jvm.VECTOR)
    public void softmaxVector(Work work) {
        softmax(work);
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Jvm.VECTOR, Jvm.SCALAR})
    public void softmaxScalar(Work work) {
        softmax(work);
    }

    private void softmax(Work work) {
        Elementwise.copy(logits, 0, y, 0, columns);
        Softmax.rows(y, 0, columns, 1, columns);
        work.add(4.0 * columns, 16.0 * columns);
    }
}
