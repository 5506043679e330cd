package omni.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A decoder with seeded random weights, and the same weights as plain arrays for {@link DecoderDefinition}. */
final class RandomModel {
    /** One map: W[N][I] and b[N], empty without bias. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Map(double[][] weight, double[] bias, Linear linear) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Layer(double[] inputNorm, Map q, Map k, Map v, Map o, double[] postNorm, Map gate, Map up, Map down) {}

    final DecoderConfig config;
    final List<Layer> weights = new ArrayList<>();
    final double[] norm;
    final Decoder decoder;

    private final Random random;
    private final ElementType type;

    RandomModel(DecoderConfig config, ElementType type, long seed) {
        this.config = config;
        this.type = type;
        random = new Random(seed);
        List<DecoderLayer> layers = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            layers.add(layer("layers." + i + "."));
        }
        Tensor finalNorm = tensor("norm", type, uniform(config.hidden(), 1, 0.3), config.hidden());
        norm = values(finalNorm);
        decoder = new Decoder(config, layers, new RmsNormLayer(finalNorm, config.hidden(), config.rmsNormEps()));
    }

    private DecoderLayer layer(String prefix) {
        int c = config.hidden();
        Tensor inputNorm = tensor(prefix + "input", type, uniform(c, 1, 0.3), c);
        Tensor postNorm = tensor(prefix + "post", type, uniform(c, 1, 0.3), c);
        Layer w = new Layer(
                values(inputNorm),
                map(prefix + "q", config.queryChannels(), c, true),
                map(prefix + "k", config.kvChannels(), c, true),
                map(prefix + "v", config.kvChannels(), c, true),
                map(prefix + "o", c, config.queryChannels(), false),
                values(postNorm),
                map(prefix + "gate", config.ffn(), c, false),
                map(prefix + "up", config.ffn(), c, false),
                map(prefix + "down", c, config.ffn(), false));
        weights.add(w);
        return new DecoderLayer(
                new RmsNormLayer(inputNorm, c, config.rmsNormEps()),
                new SelfAttention(config, w.q.linear, w.k.linear, w.v.linear, w.o.linear),
                new RmsNormLayer(postNorm, c, config.rmsNormEps()),
                new Mlp(config, w.gate.linear, w.up.linear, w.down.linear));
    }

    private Map map(String name, int outputs, int inputs, boolean bias) {
        Tensor weight = tensor(name, type, uniform(outputs * inputs, 0, 1.7 / Math.sqrt(inputs)), outputs, inputs);
        double[] flat = values(weight);
        double[][] rows = new double[outputs][inputs];
        for (int n = 0; n < outputs; n++) {
            System.arraycopy(flat, n * inputs, rows[n], 0, inputs);
        }
        Tensor b = bias ? tensor(name + ".bias", type, uniform(outputs, 0, 0.5), outputs) : null;
        return new Map(rows, b == null ? new double[0] : values(b), Linear.of(weight, b));
    }

    private double[] uniform(int n, double middle, double reach) {
        double[] out = new double[n];
        for (int i = 0; i < n; i++) {
            out[i] = middle + reach * (2 * random.nextDouble() - 1);
        }
        return out;
    }

    /** A tensor of the given values, rounded to its type, at an odd address where the type allows the kernels to expect it. */
    static Tensor tensor(String name, ElementType type, double[] values, long... shape) {
        int bytes = type.bits() / 8;
        MemorySegment data =
                Arena.ofAuto().allocate((long) values.length * bytes + 2, 64).asSlice(2);
        for (int i = 0; i < values.length; i++) {
            float v = (float) values[i];
            switch (type) {
                case F32 -> data.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, v);
                case BF16 ->
                    data.setAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i, (short)
                            ((Float.floatToRawIntBits(v) + 0x8000) >>> 16));
                case F16 -> data.setAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i, Float.floatToFloat16(v));
                default -> throw new IllegalArgumentException(type.toString());
            }
        }
        return new Tensor(name, type, shape, data.asSlice(0, (long) values.length * bytes));
    }

    /** The stored values. */
    static double[] values(Tensor tensor) {
        double[] out = new double[(int) tensor.elements()];
        for (int i = 0; i < out.length; i++) {
            out[i] = switch (tensor.type()) {
                case F32 -> tensor.data().getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
                case BF16 -> Float.intBitsToFloat(tensor.data().getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i) << 16);
                case F16 -> Float.float16ToFloat(tensor.data().getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i));
                default -> throw new IllegalArgumentException(tensor.toString());
            };
        }
        return out;
    }

    /** Random rows [T, C]. */
    static Matrix rows(int rows, int cols, long seed) {
        Random random = new Random(seed);
        MemorySegment data = Arena.ofAuto().allocate((long) rows * cols * Float.BYTES, 64);
        Matrix out = new Matrix(data, 0, rows, cols, cols);
        for (int t = 0; t < rows; t++) {
            for (int i = 0; i < cols; i++) {
                out.set(t, i, (float) random.nextGaussian());
            }
        }
        return out;
    }

    /** Zeros [T, C]. */
    static Matrix zeros(int rows, int cols) {
        return new Matrix(Arena.ofAuto().allocate((long) rows * cols * Float.BYTES, 64), 0, rows, cols, cols);
    }

    /** Text positions 0 .. T-1 on all axes. */
    static int[][] text(int rows) {
        int[][] out = new int[3][rows];
        for (int axis = 0; axis < 3; axis++) {
            for (int t = 0; t < rows; t++) {
                out[axis][t] = t;
            }
        }
        return out;
    }
}
