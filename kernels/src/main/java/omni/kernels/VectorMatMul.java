package omni.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * The Vector API product. Few rows: weights stream past X in tiles of 8x1, 4x2 or 2x4 sums, compact ones in tiles of 8x1 alone. More
 * rows: blocks of weights are widened to float32 in the L2 cache and multiplied with panels of X by the micro-kernels of {@link Tiles}.
 */
final class VectorMatMul implements MatMulKernel {
    private static final int L = Vectors.LANES;

    /**
     * Output features of a block: what they share of X is read once from the L3 cache, and their weights widened to float32 at
     * full depth (144 KiB) stay in the L2 cache.
     */
    private static final int BLOCK = 192;

    /** Rows of weights that are widened side by side. */
    private static final int WIDENED_ROWS = 4;

    /** Most panels of compact weights that a call of the kernel takes: with 32 its beginning costs next to nothing. */
    private static final int PANELS = 32;

    /** Most bytes of them, so that they stay in the L2 cache for a second row of X. */
    private static final int PANELS_BYTES = 384 << 10;

    /** Undoes the scale of inputs. */
    private static final float UNSCALED = 1 / CompactWeights.INPUT_SCALE;

    /** As many zeros as a block has output features. Adding zero changes no sum but -0, whose sign nothing sees. */
    private static final MemorySegment NO_BIAS = Arena.global().allocate(BLOCK * (long) Float.BYTES, Float.BYTES);

    /** Inputs packed at a time. */
    private static final int PACK_DEPTH = 128;

    /**
     * Bytes of weights in a claim when they are streamed: each of its 8 streams is then some pages long, and the hardware prefetcher
     * does not start anew with every short row (2048 weights of 16 bits: 36 GB/s instead of 30, of 42 with long rows).
     */
    private static final int STREAM_BYTES = 512 << 10;

    @Override
    public int lanes() {
        return L;
    }

    @Override
    public long packedSize(int rows, int inputs) {
        long padded = rows <= MatMul.STREAM_ROWS ? rows : Math.ceilDiv((long) rows, L) * L;
        return padded * inputs;
    }

    @Override
    public int packUnits(int rows) {
        return rows <= MatMul.STREAM_ROWS ? Math.min(rows, 1) : Math.ceilDiv(rows, Tiles.COLUMNS);
    }

    @Override
    public void pack(MemorySegment x, long xOffset, int xStride, MatMul.Packed packed, int from, int to) {
        if (packed.rows > MatMul.STREAM_ROWS) {
            for (int unit = from; unit < to; unit++) {
                packPanel(x, xOffset, xStride, packed, unit * Tiles.COLUMNS);
            }
        } else if (from < to) {
            for (int t = 0; t < packed.rows; t++) {
                packRow(x, xOffset + (long) t * xStride, packed, t * packed.inputs);
            }
        }
    }

    /** One row for streaming: 16-bit weights come in pairs, so elements of even index lie before those of odd index. */
    private static void packRow(MemorySegment x, long offset, MatMul.Packed packed, int out) {
        float[] data = packed.data;
        int inputs = packed.inputs;
        MemorySegment.copy(x, JAVA_FLOAT_UNALIGNED, offset * Float.BYTES, data, out, inputs);
        if (packed.format == FloatFormat.F32) {
            return;
        }
        float scale = packed.compact ? CompactWeights.INPUT_SCALE : 1;
        for (int i = 0; i + 2 * L <= inputs; i += 2 * L) {
            FloatVector a = FloatVector.fromArray(Vectors.F32, data, out + i);
            FloatVector b = FloatVector.fromArray(Vectors.F32, data, out + i + L);
            a.rearrange(Vectors.EVEN, b).mul(scale).intoArray(data, out + i);
            a.rearrange(Vectors.ODD, b).mul(scale).intoArray(data, out + i + L);
        }
    }

    /** Where element i of a row for streaming lies. */
    private static int position(int i, MatMul.Packed packed) {
        int within = i % (2 * L);
        boolean moved = packed.format != FloatFormat.F32 && i - within + 2 * L <= packed.inputs;
        return moved ? i - within + within / 2 + within % 2 * L : i;
    }

    /** One panel for blocking: X^T, rows of whole vectors, columns beyond T zero. */
    private static void packPanel(MemorySegment x, long xOffset, int xStride, MatMul.Packed packed, int column) {
        float[] data = packed.data;
        int inputs = packed.inputs;
        int columns = Tiles.panel(column, packed.rows);
        int used = Math.min(columns, packed.rows - column);
        int out = column * inputs;
        if (used < columns) {
            Arrays.fill(data, out, out + columns * inputs, 0);
        }
        // Blocks of inputs small enough that the panel's part of them stays in the L1 cache while its columns are
        // filled.
        for (int from = 0; from < inputs; from += PACK_DEPTH) {
            int to = Math.min(from + PACK_DEPTH, inputs);
            packBlock(x, xOffset + (long) column * xStride, xStride, from, to, used, data, out, columns);
        }
    }

    /** Inputs {@code from} to {@code to} of the {@code used} columns of a panel, which are rows of X. */
    private static void packBlock(
            MemorySegment x, long row, int xStride, int from, int to, int used, float[] data, int out, int columns) {
        int wide = Squares.whole(used);
        int tall = from + Squares.whole(to - from);
        for (int t = 0; t < wide; t += Squares.SIDE) {
            MemorySegment rows = x.asSlice((row + (long) t * xStride + from) * Float.BYTES);
            Squares.pack(rows, (long) xStride * Float.BYTES, tall - from, data, out + from * columns + t, columns);
        }
        for (int t = 0; t < used; t++) {
            packColumn(x, row + (long) t * xStride, t < wide ? tall : from, to, data, out + t, columns);
        }
    }

    private static void packColumn(MemorySegment x, long row, int from, int to, float[] data, int out, int columns) {
        MemorySegment slice = Floats.offHeap(x.asSlice((row + from) * Float.BYTES, (to - from) * 4L));
        for (int i = 0; i < to - from; i++) {
            data[out + (from + i) * columns] = Floats.get(slice, i);
        }
    }

    @Override
    public int scratchWeights(int rows) {
        return rows <= MatMul.STREAM_ROWS ? 0 : BLOCK * Tiles.DEPTH;
    }

    @Override
    public int scratchSums(int rows) {
        return rows <= MatMul.STREAM_ROWS ? PANELS * 8 * L : BLOCK * Math.ceilDiv(rows, L) * L;
    }

    @Override
    public int unit(int rows) {
        return rows <= MatMul.STREAM_ROWS ? 8 : Tiles.ROWS;
    }

    @Override
    public int grain(int rows, int inputs) {
        return rows <= MatMul.STREAM_ROWS
                ? Math.max(STREAM_BYTES / (2 * 8 * Math.max(inputs, 1)), 1)
                : BLOCK / Tiles.ROWS;
    }

    @Override
    public void multiply(
            MatMul.Packed packed,
            WeightMatrix weights,
            @Nullable MemorySegment bias,
            MemorySegment y,
            long yOffset,
            int yStride,
            boolean accumulate,
            int from,
            int to,
            MatMul.Scratch scratch) {
        if (packed.rows > MatMul.STREAM_ROWS) {
            for (int n = from; n < to; n += BLOCK) {
                block(packed, weights, bias, y, yOffset, yStride, accumulate, n, Math.min(BLOCK, to - n), scratch);
            }
            return;
        }
        switch (weights) {
            case MatMul.Weights stored ->
                stream(packed, stored, bias, y, yOffset, yStride, accumulate, from, to, scratch);
            case CompactWeights compact ->
                stream(packed, compact, bias, y, yOffset, yStride, accumulate, from, to, scratch);
        }
    }

    // ---- few rows ----

    /** Output features {@code from} to {@code to}, as 8 streams of adjacent rows, which are read side by side. */
    private static void stream(
            MatMul.Packed packed,
            MatMul.Weights weights,
            @Nullable MemorySegment bias,
            MemorySegment y,
            long yOffset,
            int yStride,
            boolean accumulate,
            int from,
            int to,
            MatMul.Scratch scratch) {
        int run = (to - from) / 8;
        for (int j = 0; j < run; j++) {
            tile(packed, weights, bias, y, yOffset, yStride, accumulate, from + j, run, 0, 8, scratch);
        }
        int rest = from + 8 * run;
        if (rest < to) {
            // The last rows are computed along with some before them, which are not stored.
            int first = Math.max(Math.min(rest, weights.outputs() - 8), 0);
            tile(packed, weights, bias, y, yOffset, yStride, accumulate, first, 1, rest - first, to - first, scratch);
        }
    }

    /** Rows {@code first + r * step} of the weights, r = 0 .. 7, with all rows of X; stores those of r = {@code from} to {@code to}. */
    private static void tile(
            MatMul.Packed packed,
            MatMul.Weights weights,
            @Nullable MemorySegment bias,
            MemorySegment y,
            long yOffset,
            int yStride,
            boolean accumulate,
            int first,
            int step,
            int from,
            int to,
            MatMul.Scratch scratch) {
        int inputs = packed.inputs;
        int limit = weights.outputs() < 8 ? 0 : inputs / (2 * L) * (2 * L);
        float[] sums = scratch.sums(PANELS * 8 * L);
        long stride = step * weights.rowBytes();
        int last = Math.min(7, weights.outputs() - 1);
        MemorySegment w = weights.data().asSlice(weights.rowByteOffset(first), last * stride + weights.rowBytes());
        for (int t = 0; t < packed.rows; ) {
            int batch = packed.rows - t >= 4 ? 4 : packed.rows - t >= 2 ? 2 : 1;
            if (limit == 0) {
                Arrays.fill(sums, 0);
            } else {
                dot(packed, w, stride, limit, t, batch, sums);
            }
            for (int u = 0; u < batch; u++) {
                for (int r = from; r < to; r++) {
                    int n = first + r * step;
                    float sum = sum(sums, (u * 8 + r) * L);
                    for (int i = limit; i < inputs; i++) {
                        sum += packed.data[(t + u) * inputs + position(i, packed)] * ScalarMatMul.weight(weights, n, i);
                    }
                    store(y, yOffset + (long) (t + u) * yStride + n, sum, bias, n, accumulate);
                }
            }
            t += batch;
        }
    }

    /** Output features {@code from} to {@code to}, some panels at a time; each row of X meets them alone, so that it has the bits of a single row. */
    private static void stream(
            MatMul.Packed packed,
            CompactWeights weights,
            @Nullable MemorySegment bias,
            MemorySegment y,
            long yOffset,
            int yStride,
            boolean accumulate,
            int from,
            int to,
            MatMul.Scratch scratch) {
        int inputs = packed.inputs;
        float[] sums = scratch.sums(PANELS * 8 * L);
        int most = Math.clamp(PANELS_BYTES / CompactWeights.bytes(CompactWeights.ROWS, inputs), 1, PANELS);
        for (int n = from; n < to; ) {
            int panel = n / CompactWeights.ROWS;
            int panels = Math.min(Math.ceilDiv(to, CompactWeights.ROWS) - panel, most);
            int first = panel * CompactWeights.ROWS;
            int end = Math.min(first + panels * CompactWeights.ROWS, to);
            MemorySegment data = weights.data(panel);
            for (int t = 0; t < packed.rows; t++) {
                int x = t * inputs;
                DotCompact.rows8x1(data, weights.streamBytes(), panels, inputs, packed.data, x, sums);
                for (int row = n; row < end; row++) {
                    int lanes = (row - first) * L;
                    sums[lanes] = sum(sums, lanes) * (weights.scale(row) * UNSCALED);
                }
                for (int k = 0; k < panels; k++) {
                    long[] listed = weights.listed(panel + k);
                    if (listed != null) {
                        addListed(listed, packed, x, sums, k * 8 * L);
                    }
                }
                for (int row = n; row < end; row++) {
                    store(y, yOffset + (long) t * yStride + row, sums[(row - first) * L], bias, row, accumulate);
                }
            }
            n = end;
        }
    }

    /** Adds what the listed weights of a panel contribute to its sums with the row of X at {@code x}: of row r at {@code offset + r * LANES}. */
    private static void addListed(long[] listed, MatMul.Packed packed, int x, float[] sums, int offset) {
        for (long other : listed) {
            float value = packed.data[x + position(CompactWeights.input(other), packed)] * UNSCALED;
            sums[offset + CompactWeights.row(other) * L] += value * CompactWeights.value(other);
        }
    }

    /** Lanes of the sums of 8 rows of weights with 1, 2 or 4 rows of X: {@code sums[(t * 8 + r) * LANES]}. */
    private static void dot(
            MatMul.Packed packed, MemorySegment w, long rowBytes, int limit, int t, int batch, float[] sums) {
        float[] x = packed.data;
        int stride = packed.inputs;
        int offset = t * stride;
        if (batch == 1) {
            switch (packed.format) {
                case F32 -> DotF32.rows8x1(w, rowBytes, limit, x, offset, sums);
                case BF16 -> DotBf16.rows8x1(w, rowBytes, limit, x, offset, sums);
                case F16 -> DotF16.rows8x1(w, rowBytes, limit, x, offset, sums);
            }
            return;
        }
        int height = 8 / batch;
        for (int r = 0; r < 8; r += height) {
            MemorySegment part = w.asSlice(r * rowBytes);
            if (batch == 2) {
                switch (packed.format) {
                    case F32 -> DotF32.rows4x2(part, rowBytes, limit, x, offset, stride, sums, r * L);
                    case BF16 -> DotBf16.rows4x2(part, rowBytes, limit, x, offset, stride, sums, r * L);
                    case F16 -> DotF16.rows4x2(part, rowBytes, limit, x, offset, stride, sums, r * L);
                }
            } else {
                switch (packed.format) {
                    case F32 -> DotF32.rows2x4(part, rowBytes, limit, x, offset, stride, sums, r * L);
                    case BF16 -> DotBf16.rows2x4(part, rowBytes, limit, x, offset, stride, sums, r * L);
                    case F16 -> DotF16.rows2x4(part, rowBytes, limit, x, offset, stride, sums, r * L);
                }
            }
        }
    }

    /** Sum of the lanes at {@code offset}, halves first: always in this order, which {@code reduceLanes} does not promise. */
    private static float sum(float[] lanes, int offset) {
        float even = quarter(lanes, offset) + quarter(lanes, offset + 2);
        float odd = quarter(lanes, offset + 1) + quarter(lanes, offset + 3);
        return even + odd;
    }

    /** Every fourth lane. */
    private static float quarter(float[] lanes, int i) {
        return switch (L) {
            case 4 -> lanes[i];
            case 8 -> lanes[i] + lanes[i + 4];
            default -> (lanes[i] + lanes[i + 8]) + (lanes[i + 4] + lanes[i + 12]);
        };
    }

    private static void store(
            MemorySegment y, long offset, float sum, @Nullable MemorySegment bias, int n, boolean accumulate) {
        float value = bias == null ? sum : sum + Floats.get(bias, n);
        Floats.set(y, offset, accumulate ? Floats.get(y, offset) + value : value);
    }

    // ---- many rows ----

    /** Y^T[rows, T] of output features n to n + rows, in panels of C; then transposed into Y. */
    private static void block(
            MatMul.Packed packed,
            WeightMatrix weights,
            @Nullable MemorySegment bias,
            MemorySegment y,
            long yOffset,
            int yStride,
            boolean accumulate,
            int n,
            int rows,
            MatMul.Scratch scratch) {
        int inputs = packed.inputs;
        int padded = Math.ceilDiv(rows, Tiles.ROWS) * Tiles.ROWS;
        int columns = Math.ceilDiv(packed.rows, L) * L;
        float[] a = scratch.weights(BLOCK * Tiles.DEPTH);
        float[] c = scratch.sums(BLOCK * columns);
        Arrays.fill(c, 0, padded * columns, 0);
        if (rows < padded) {
            Arrays.fill(a, rows * Tiles.DEPTH, padded * Tiles.DEPTH, 0);
        }
        for (int k = 0; k < inputs; k += Tiles.DEPTH) {
            int depth = Math.min(Tiles.DEPTH, inputs - k);
            switch (weights) {
                case MatMul.Weights stored -> widen(stored, n, rows, k, depth, a);
                case CompactWeights compact -> widen(compact, n, rows, k, depth, a);
            }
            for (int t = 0; t < columns; t += Tiles.COLUMNS) {
                int width = Tiles.panel(t, columns);
                int next = t + width;
                int ahead = next < columns
                        ? next * inputs + k * Tiles.panel(next, columns)
                        : (k + depth) * Tiles.panel(0, columns);
                Tiles.multiply(a, 0, padded, packed.data, t * inputs + k * width, width, depth, c, t * padded, ahead);
            }
        }
        MemorySegment b = bias == null ? NO_BIAS : bias.asSlice((long) n * Float.BYTES, rows * (long) Float.BYTES);
        for (int t = 0; t < packed.rows; t += Tiles.COLUMNS) {
            int width = Tiles.panel(t, columns);
            int used = Math.min(width, packed.rows - t);
            MemorySegment out = y.asSlice(
                    (yOffset + (long) t * yStride + n) * Float.BYTES, ((used - 1L) * yStride + rows) * Float.BYTES);
            store(c, t * padded, width, b, rows, used, out, yStride, accumulate);
        }
    }

    /** A panel of C plus the bias, transposed, to {@code used} rows of Y or added to them. */
    private static void store(
            float[] c,
            int from,
            int width,
            MemorySegment b,
            int rows,
            int used,
            MemorySegment y,
            int yStride,
            boolean add) {
        int wide = Squares.whole(used);
        int tall = Squares.whole(rows);
        for (int u = 0; u < wide; u += Squares.SIDE) {
            MemorySegment part = y.asSlice((long) u * yStride * Float.BYTES);
            Squares.store(c, from + u, width, b, tall, part, (long) yStride * Float.BYTES, add);
        }
        for (int u = 0; u < used; u++) {
            int first = u < wide ? tall : 0;
            if (first < rows) {
                MemorySegment row = y.asSlice((long) u * yStride * Float.BYTES);
                storeColumn(c, from + u, width, b, first, rows, row, add);
            }
        }
    }

    /** Rows {@code first} to {@code rows} of a column of C. */
    private static void storeColumn(
            float[] c, int from, int width, MemorySegment bias, int first, int rows, MemorySegment row, boolean add) {
        MemorySegment b = Floats.offHeap(bias);
        MemorySegment y = Floats.offHeap(row);
        for (int r = first; r < rows; r++) {
            float sum = c[from + r * width] + Floats.get(b, r);
            Floats.set(y, r, add ? Floats.get(y, r) + sum : sum);
        }
    }

    /** Columns k to k + depth of {@code rows} rows of weights in float32, rows DEPTH floats apart. */
    private static void widen(MatMul.Weights weights, int n, int rows, int k, int depth, float[] a) {
        int bytes = weights.format().bytes();
        int bound = Vectors.F32.loopBound(depth);
        // Rows side by side, so that their reads from memory overlap: a piece of one row is short.
        int step = rows < WIDENED_ROWS ? 1 : WIDENED_ROWS;
        long stride = step == 1 ? 0 : weights.rowBytes();
        int out = step == 1 ? 0 : Tiles.DEPTH;
        for (int r = 0; r < rows; r += step) {
            int first = Math.min(r, rows - step);
            MemorySegment piece = weights.data()
                    .asSlice(
                            weights.rowByteOffset(n + first) + (long) k * bytes,
                            (step - 1) * stride + (long) depth * bytes);
            switch (weights.format()) {
                case F32 -> copyF32(piece, stride, bound, a, first * Tiles.DEPTH, out);
                case BF16 -> widenBf16(piece, stride, bound, a, first * Tiles.DEPTH, out);
                case F16 -> widenF16(piece, stride, bound, a, first * Tiles.DEPTH, out);
            }
        }
        for (int i = bound; i < depth; i++) {
            for (int r = 0; r < rows; r++) {
                a[r * Tiles.DEPTH + i] = ScalarMatMul.weight(weights, n + r, k + i);
            }
        }
    }

    private static void widen(CompactWeights weights, int n, int rows, int k, int depth, float[] a) {
        for (int r = 0; r < rows; r++) {
            DotCompact.widen(weights, n + r, k, k + depth, a, r * Tiles.DEPTH);
        }
        for (int panel = n / CompactWeights.ROWS; panel * CompactWeights.ROWS < n + rows; panel++) {
            long[] listed = weights.listed(panel);
            if (listed != null) {
                for (long other : listed) {
                    int r = panel * CompactWeights.ROWS + CompactWeights.row(other) - n;
                    int i = CompactWeights.input(other) - k;
                    if (r >= 0 && r < rows && i >= 0 && i < depth) {
                        a[r * Tiles.DEPTH + i] = CompactWeights.value(other);
                    }
                }
            }
        }
    }

    private static void copyF32(MemorySegment weights, long stride, int bound, float[] a, int at, int out) {
        MemorySegment w = Floats.offHeap(weights);
        for (int i = 0; i < bound; i += L) {
            FloatVector.fromMemorySegment(Vectors.F32, w, i * 4L, LITTLE_ENDIAN).intoArray(a, at + i);
            FloatVector.fromMemorySegment(Vectors.F32, w, i * 4L + stride, LITTLE_ENDIAN)
                    .intoArray(a, at + i + out);
            FloatVector.fromMemorySegment(Vectors.F32, w, i * 4L + 2 * stride, LITTLE_ENDIAN)
                    .intoArray(a, at + i + 2 * out);
            FloatVector.fromMemorySegment(Vectors.F32, w, i * 4L + 3 * stride, LITTLE_ENDIAN)
                    .intoArray(a, at + i + 3 * out);
        }
    }

    private static void widenBf16(MemorySegment weights, long stride, int bound, float[] a, int at, int out) {
        MemorySegment w = Floats.offHeap(weights);
        for (int i = 0; i < bound; i += L) {
            VectorConvert.bf16(w, i * 2L).intoArray(a, at + i);
            VectorConvert.bf16(w, i * 2L + stride).intoArray(a, at + i + out);
            VectorConvert.bf16(w, i * 2L + 2 * stride).intoArray(a, at + i + 2 * out);
            VectorConvert.bf16(w, i * 2L + 3 * stride).intoArray(a, at + i + 3 * out);
        }
    }

    private static void widenF16(MemorySegment weights, long stride, int bound, float[] a, int at, int out) {
        MemorySegment w = Floats.offHeap(weights);
        for (int i = 0; i < bound; i += L) {
            VectorConvert.f16(w, i * 2L).intoArray(a, at + i);
            VectorConvert.f16(w, i * 2L + stride).intoArray(a, at + i + out);
            VectorConvert.f16(w, i * 2L + 2 * stride).intoArray(a, at + i + 2 * out);
            VectorConvert.f16(w, i * 2L + 3 * stride).intoArray(a, at + i + 3 * out);
        }
    }
}
