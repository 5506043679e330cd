package omni.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import omni.error.ModelFormatException;
import omni.kernels.CompactWeights;
import omni.kernels.FloatFormat;
import omni.kernels.MatMul;
import omni.kernels.WeightMatrix;
import org.jspecify.annotations.Nullable;

/**
 * {@code Y[T,N] = X[T,I] W[N,I]^T + b[N]}: the weights stay where they are mapped, in the format they are stored in, unless a copy in
 * fewer bits is made by {@link #compact}.
 *
 * <p>Immutable and thread-safe; a forward pass runs on the thread team of its workspace. Row t of Y depends on row t of X alone,
 * bit for bit the same for any number of threads, and for any number of rows above {@link MatMul#STREAM_ROWS}.
 */
public final class Linear {
    /** Rows multiplied at a time: packed, they stay within a share of the last-level cache. */
    private static final int CHUNK_ROWS = 1024;

    /** Most panels of compact weights made at a time. */
    private static final int COMPACTED_PANELS = 128;

    private final String name;
    private final WeightMatrix weights;
    private final @Nullable MemorySegment bias;

    private Linear(String name, WeightMatrix weights, @Nullable MemorySegment bias) {
        this.name = name;
        this.weights = weights;
        this.bias = bias;
    }

    /**
     * A layer over the weights where they lie; the few numbers of the bias are copied to float32.
     *
     * @param weight W[N,I] in F32, BF16 or F16
     * @param bias b[N] in F32, BF16 or F16, or null
     * @throws ModelFormatException if a shape or an element type does not fit
     */
    public static Linear of(Tensor weight, @Nullable Tensor bias) {
        MatMul.Weights w = weights(weight);
        int outputs = w.outputs();
        if (bias != null && !bias.hasShape(outputs)) {
            throw new ModelFormatException("linear: weight=" + weight.name() + ", shape=" + weight.shapeText()
                    + ", bias=" + bias.name() + ", bias shape=" + bias.shapeText() + "; a bias [" + outputs
                    + "] is needed");
        }
        return new Linear(weight.name(), w, bias == null ? null : toF32(bias));
    }

    private static MatMul.Weights weights(Tensor weight) {
        if (weight.rank() != 2 || weight.size(0) > Integer.MAX_VALUE || weight.size(1) > Integer.MAX_VALUE) {
            throw new ModelFormatException("linear: weight=" + weight.name() + ", shape=" + weight.shapeText()
                    + "; a matrix [outputs,inputs] is needed");
        }
        return new MatMul.Weights(weight.data(), 0, format(weight), (int) weight.size(0), (int) weight.size(1));
    }

    /**
     * The same layer, to the last bit of every weight, with bfloat16 weights in 12 bits: for weights that are read whole for every
     * row, such as those of a decoder that makes one token at a time. This layer itself where that does not pay.
     *
     * @param allocator where the weights will lie; the mapped ones leave memory
     * @param team makes the copy
     */
    public Linear compact(SegmentAllocator allocator, ThreadTeam team) {
        if (!(weights instanceof MatMul.Weights stored) || !CompactWeights.pays(stored)) {
            return this;
        }
        CompactWeights compact = new CompactWeights(stored, allocator);
        team.run(compact.panels(), COMPACTED_PANELS, (from, to, worker) -> compact.pack(stored, from, to));
        if (stored.data().isMapped()) {
            stored.data().unload();
        }
        return new Linear(name, compact, bias);
    }

    /** Bytes that a tensor takes in memory after {@link #compact}, if its values are of the usual kind; the stored ones unless it is a matrix. */
    public static long compactBytes(Tensor tensor) {
        if (tensor.rank() == 2 && tensor.type().floatFormat() != null) {
            MatMul.Weights stored = weights(tensor);
            if (CompactWeights.takes(stored)) {
                return CompactWeights.bytes(stored.outputs(), stored.inputs());
            }
        }
        return tensor.data().byteSize();
    }

    /**
     * Lets a workspace grow to what forward passes of up to {@code rows} rows of {@code inputs} features need, so that none
     * allocates.
     */
    public static void reserve(int rows, int inputs, Workspace ws) {
        int chunk = Math.min(rows, CHUNK_ROWS);
        ws.packed().shape(chunk, inputs, FloatFormat.F32);
        for (int worker = 0; worker < ws.team().size(); worker++) {
            ws.product(worker).reserve(chunk);
        }
    }

    /** Bytes that {@link #reserve} adds to a new workspace, where {@code inputs} is the most that any layer has. */
    public static long reservedBytes(int rows, int inputs, int threads) {
        int chunk = Math.min(rows, CHUNK_ROWS);
        return MatMul.packedBytes(chunk, inputs) + threads * MatMul.scratchBytes(chunk);
    }

    private static FloatFormat format(Tensor tensor) {
        FloatFormat format = tensor.type().floatFormat();
        if (format == null) {
            throw new ModelFormatException(
                    "linear: tensor=" + tensor.name() + ", type=" + tensor.type() + "; F32, BF16 or F16 is needed");
        }
        return format;
    }

    private static MemorySegment toF32(Tensor tensor) {
        FloatFormat format = format(tensor);
        MemorySegment data = tensor.data();
        ValueLayout.OfFloat f32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        ValueLayout.OfShort i16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        int n = Math.toIntExact(tensor.elements());
        MemorySegment out = Arena.ofAuto().allocate(Math.max((long) n * Float.BYTES, 1), Workspace.ALIGNMENT);
        for (int i = 0; i < n; i++) {
            out.setAtIndex(
                    ValueLayout.JAVA_FLOAT,
                    i,
                    switch (format) {
                        case F32 -> data.getAtIndex(f32, i);
                        case BF16 -> Float.intBitsToFloat(data.getAtIndex(i16, i) << 16);
                        case F16 -> Float.float16ToFloat(data.getAtIndex(i16, i));
                    });
        }
        return out;
    }

    /** Name of the weight tensor. */
    public String name() {
        return name;
    }

    /** Output features N. */
    public int outputs() {
        return weights.outputs();
    }

    /** Input features I. */
    public int inputs() {
        return weights.inputs();
    }

    /**
     * {@code y = x W^T + b}.
     *
     * @param x X[T,I]
     * @param y Y[T,N]; must not overlap x
     * @throws IllegalArgumentException if a shape does not fit
     */
    public void forward(Matrix x, Matrix y, Workspace ws) {
        forward(x, new Linear[] {this}, new Matrix[] {y}, false, ws);
    }

    /**
     * {@code y += x W^T + b}: with the residual stream in y, no pass over it remains.
     *
     * @param x X[T,I]
     * @param y Y[T,N]; must not overlap x
     * @throws IllegalArgumentException if a shape does not fit
     */
    public void forwardAdd(Matrix x, Matrix y, Workspace ws) {
        forward(x, new Linear[] {this}, new Matrix[] {y}, true, ws);
    }

    /**
     * Several layers of one input, such as query, key and value, or gate and up: x is packed once and the threads meet once.
     *
     * @param x X[T,I]
     * @param layers with the same number of input features
     * @param ys for each layer its Y[T,N]; must not overlap x or each other
     * @throws IllegalArgumentException if a shape does not fit
     */
    public static void forward(Matrix x, Linear[] layers, Matrix[] ys, Workspace ws) {
        forward(x, layers, ys, false, ws);
    }

    private static void forward(Matrix x, Linear[] layers, Matrix[] ys, boolean add, Workspace ws) {
        check(x, layers, ys);
        // Chunks of about one size: a remainder of a few rows would be multiplied in another way, and give other bits.
        int chunks = Math.ceilDiv(x.rows(), CHUNK_ROWS);
        for (int i = 0; i < chunks; i++) {
            int from = (int) ((long) x.rows() * i / chunks);
            int to = (int) (x.rows() * (i + 1L) / chunks);
            chunk(x, from, to - from, layers, ys, add, ws);
        }
    }

    private static void check(Matrix x, Linear[] layers, Matrix[] ys) {
        if (layers.length == 0 || layers.length != ys.length) {
            throw new IllegalArgumentException("linear: layers=" + layers.length + ", outputs=" + ys.length);
        }
        for (int k = 0; k < layers.length; k++) {
            WeightMatrix w = layers[k].weights;
            Matrix y = ys[k];
            if (x.cols() != w.inputs() || y.cols() != w.outputs() || y.rows() != x.rows()) {
                throw new IllegalArgumentException("linear: weight=" + layers[k].name + "[" + w.outputs() + ","
                        + w.inputs() + "], x=[" + x.rows() + "," + x.cols() + "], y=[" + y.rows() + "," + y.cols()
                        + "]");
            }
        }
    }

    /** Rows {@code row} to {@code row + rows}: packs them once for each run of layers that take them alike, then splits these layers' outputs. */
    private static void chunk(Matrix x, int row, int rows, Linear[] layers, Matrix[] ys, boolean add, Workspace ws) {
        for (int first = 0; first < layers.length; ) {
            WeightMatrix weights = layers[first].weights;
            int last = first;
            while (last < layers.length && MatMul.shareInput(layers[last].weights, weights)) {
                last++;
            }
            MatMul.Packed packed = ws.packed();
            packed.shape(rows, weights);
            ws.team()
                    .run(
                            packed.units(),
                            1,
                            (from, to, worker) ->
                                    MatMul.pack(x.data(), x.rowOffset(row), x.stride(), packed, from, to));
            int unit = MatMul.unit(rows);
            int units = 0;
            for (int k = first; k < last; k++) {
                units += Math.ceilDiv(layers[k].outputs(), unit);
            }
            int begin = first;
            ws.team().run(units, MatMul.grain(rows, x.cols()), (from, to, worker) -> {
                int layer = begin;
                int base = 0;
                for (int at = from; at < to; ) {
                    int end = base + Math.ceilDiv(layers[layer].outputs(), unit);
                    if (at < end) {
                        int until = Math.min(to, end);
                        layers[layer].multiply(
                                packed,
                                ys[layer],
                                row,
                                add,
                                (at - base) * unit,
                                (until - base) * unit,
                                ws.product(worker));
                        at = until;
                    }
                    base = end;
                    layer++;
                }
            });
            first = last;
        }
    }

    private void multiply(
            MatMul.Packed packed, Matrix y, int row, boolean add, int from, int to, MatMul.Scratch scratch) {
        int end = Math.min(to, outputs());
        MatMul.multiply(packed, weights, bias, y.data(), y.rowOffset(row), y.stride(), add, from, end, scratch);
    }

    @Override
    public String toString() {
        return name + (weights instanceof CompactWeights ? " compact " : " ") + weights.format() + "[" + outputs() + ","
                + inputs() + "]";
    }
}
