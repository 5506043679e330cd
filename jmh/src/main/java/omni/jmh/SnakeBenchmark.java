package omni.jmh;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import omni.kernels.AntiAliasedSnake;
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

/** The vocoder's activation with both of its filters, on one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class SnakeBenchmark {
    /** Two filters of 12 taps, each counted once per output, and two activations. */
    private static final double OPERATIONS = 2 * 12 * 2 + 2 * 24;

    /** Channels x frames: the first and the last stage for 24 mel frames, and odd sizes. */
    @Param({"768x120", "24x5760", "51x101"})
    public String shape;

    private int channels;
    private int frames;
    private MemorySegment x;
    private MemorySegment frequency;
    private MemorySegment magnitude;
    private MemorySegment y;
    private AntiAliasedSnake.Scratch scratch;

    @Setup(Level.Trial)
    public void setUp() {
        channels = Integer.parseInt(shape.substring(0, shape.indexOf('x')));
        frames = Integer.parseInt(shape.substring(shape.indexOf('x') + 1));
        x = Data.normal((long) frames * channels, 1, 1);
        frequency = positive(2);
        magnitude = positive(3);
        y = Data.zeros((long) frames * channels);
        scratch = new AntiAliasedSnake.Scratch();
        run();
        for (int t = 0; t < frames; t += 17) {
            for (int c = 0; c < channels; c += 13) {
                Data.check("snake", Data.get(y, (long) t * channels + c), expected(t, c), 1e-4);
            }
        }
    }

    private MemorySegment positive(long seed) {
        MemorySegment out = Data.normal(channels, seed, 0.5);
        for (int c = 0; c < channels; c++) {
            out.setAtIndex(ValueLayout.JAVA_FLOAT, c, (float) Math.exp(Data.get(out, c)));
        }
        return out;
    }

    private double expected(int t, int c) {
        float[] f = AntiAliasedSnake.filter();
        double sum = 0;
        for (int k = 0; k < f.length; k++) {
            int u = Math.clamp(2L * t + k - 5, 0, 2 * frames - 1);
            double v = 0;
            for (int j = (u + 5) % 2; j < f.length; j += 2) {
                int frame = Math.clamp((u + 5L - j) / 2, 0, frames - 1);
                v += 2 * f[j] * Data.get(x, (long) frame * channels + c);
            }
            sum += f[k] * (v + Data.get(magnitude, c) * Math.pow(Math.sin(Data.get(frequency, c) * v), 2));
        }
        return sum;
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Jvm.VECTOR)
    public void snakeVector(Work work) {
        count(work);
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Jvm.VECTOR, Jvm.SCALAR})
    public void snakeScalar(Work work) {
        count(work);
    }

    private void count(Work work) {
        run();
        work.add(OPERATIONS * frames * channels, 8.0 * frames * channels);
    }

    private void run() {
        AntiAliasedSnake.run(
                x, 0, channels, frames, frequency, 0, magnitude, 0, channels, y, 0, channels, 0, frames, scratch);
    }
}
