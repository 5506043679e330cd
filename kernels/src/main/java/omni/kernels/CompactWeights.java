package omni.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A bfloat16 weight matrix W[N,I] in 12 bits a weight, without loss: a product of one row waits for memory, and reads a quarter
 * less. Of the 8 bits of an exponent the weights of one row use few (a normal distribution has 2.6 bits of entropy there;
 * Zhang et al., "70% Size, 100% Accuracy", arXiv 2504.11651), so a row keeps 15 adjacent exponents, those that most of its weights
 * have, and lists the few weights that have others.
 *
 * <p>A code is {@code sign | exponent - base | fraction}, of 1, 4 and 7 bits, where {@code base} is the row's; exponent 0 with
 * fraction 0 is zero. 8 codes of one input and 8 adjacent rows (a panel) take three 32-bit words w0, w1, w2, in which they lie so that
 * two shifts and a mask give a float, {@code 2^-base} times the weight:
 *
 * <pre>
 * w0   code 0 (12)   code 1 (12)   upper bits of code 2 (8)
 * w1   code 3 (12)   code 4 (12)   upper bits of code 5 (8)
 * w2   code 6 (12)   lower bits of code 2 (4)   code 7 (12)   lower bits of code 5 (4)
 * </pre>
 *
 * <p>An arithmetic shift by 4 leaves the sign where it is and puts exponent and fraction where a float has them; the mask clears the
 * copies of the sign between, and what follows. Codes 2 and 5 take their lower bits from w2 by an exclusive or without a mask: their
 * upper bits are stored with what else of w2 lies there, so that it cancels.
 *
 * <p>A word is one lane of a vector, {@code LANES} inputs beside each other: of {@code 2 * LANES} inputs first those of even index,
 * then those of odd index, the order in which {@link DotBf16} takes them. Such groups of all panels make {@link #STREAMS} streams,
 * group g in stream {@code g % STREAMS}, that are read side by side: the hardware prefetcher follows several streams better than
 * one.
 *
 * <p>Filled once by {@link #pack}, by several threads if need be; then immutable and safe for use by several threads.
 */
public final class CompactWeights implements WeightMatrix {
    /** Rows of a panel. */
    static final int ROWS = 8;

    /** Streams side by side. */
    static final int STREAMS = 4;

    /** Exponents that a row keeps. */
    private static final int EXPONENTS = 15;

    /** Largest base: a float holds {@code 2^base}. */
    private static final int MAX_BASE = 127;

    /** Far more than any model has, and few enough that sizes of a panel are ints. */
    private static final int MAX_INPUTS = 1 << 24;

    /** Rows that {@link #pays} looks at. */
    private static final int SAMPLED_ROWS = 64;

    /** One weight in so many may be listed: these cost then a tenth of what the others save. Of normal weights it is one in 6000. */
    private static final int LISTED_SHARE = 1024;

    /** Sign, exponent and fraction of a float that a code stands for. */
    static final int MASK = 0x87ff0000;

    /** What X is multiplied with when it is packed, so that no product of a code's float is too small for a float. */
    static final float INPUT_SCALE = 0x1p96f;

    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int outputs;
    private final int inputs;
    private final int lanes;
    private final MemorySegment data;
    private final float[] scales;
    /** For each panel its listed weights, by row and input: row (3 bits), input (31), bfloat16 (16). */
    private final long[] @Nullable [] listed;

    /**
     * Room for a matrix, to be filled by {@link #pack}.
     *
     * @param allocator where it will lie, off-heap
     * @throws IllegalArgumentException unless {@link #takes} it
     */
    public CompactWeights(MatMul.Weights stored, SegmentAllocator allocator) {
        this(stored, MatMul.lanes(), allocator);
    }

    CompactWeights(MatMul.Weights stored, int lanes, SegmentAllocator allocator) {
        if (!takes(stored, lanes)) {
            throw new IllegalArgumentException("compact weights: shape=[" + stored.outputs() + "," + stored.inputs()
                    + "], format=" + stored.format() + "; BF16 and a multiple of " + lanes * STREAMS
                    + " inputs, at most " + MAX_INPUTS + ", are needed");
        }
        outputs = stored.outputs();
        inputs = stored.inputs();
        this.lanes = lanes;
        data = allocator.allocate(bytes(outputs, inputs), 64);
        Floats.checkOffHeap("compact weights", data);
        scales = new float[panels() * ROWS];
        listed = new long[panels()][];
    }

    /** Whether a matrix can be compact: one of bfloat16 with whole groups of inputs. */
    public static boolean takes(MatMul.Weights stored) {
        return takes(stored, MatMul.lanes());
    }

    /**
     * Whether a compact matrix is multiplied faster than the stored one: {@link #takes} it, and few weights would be listed, judged by
     * some of the rows.
     */
    public static boolean pays(MatMul.Weights stored) {
        if (!takes(stored)) {
            return false;
        }
        int inputs = stored.inputs();
        int rows = Math.min(stored.outputs(), SAMPLED_ROWS);
        short[] bits = new short[inputs];
        long others = 0;
        for (int r = 0; r < rows; r++) {
            int n = (int) ((long) stored.outputs() * r / rows);
            MemorySegment.copy(stored.data(), I16, stored.rowByteOffset(n), bits, 0, inputs);
            int base = base(bits, 0, inputs);
            for (short weight : bits) {
                others += (weight & 0x7fff) == 0 || kept(weight, base) ? 0 : 1;
            }
        }
        return others * LISTED_SHARE <= (long) rows * inputs;
    }

    private static boolean kept(int bits, int base) {
        int exponent = (bits >> 7 & 0xff) - base;
        return exponent > 0 && exponent <= EXPONENTS;
    }

    private static boolean takes(MatMul.Weights stored, int lanes) {
        return stored.format() == FloatFormat.BF16
                && stored.outputs() > 0
                && stored.inputs() > 0
                && stored.inputs() <= MAX_INPUTS
                && stored.inputs() % (lanes * STREAMS) == 0;
    }

    /** Bytes of a compact matrix off-heap. */
    public static long bytes(int outputs, int inputs) {
        return Math.ceilDiv(outputs, ROWS) * (ROWS * 3L / 2) * inputs;
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public int inputs() {
        return inputs;
    }

    @Override
    public FloatFormat format() {
        return FloatFormat.BF16;
    }

    /** Independent pieces of {@link #pack}. */
    public int panels() {
        return Math.ceilDiv(outputs, ROWS);
    }

    /** How many weights have an exponent that their row does not keep: each costs what some dozens of others do. */
    public long listed() {
        return Arrays.stream(listed)
                .mapToLong(panel -> panel == null ? 0 : panel.length)
                .sum();
    }

    /**
     * Fills panels {@code from} (inclusive) to {@code to} (exclusive).
     *
     * @param stored the matrix given to the constructor
     */
    public void pack(MatMul.Weights stored, int from, int to) {
        if (stored.outputs() != outputs || stored.inputs() != inputs || stored.format() != FloatFormat.BF16) {
            throw new IllegalArgumentException("compact weights: w=[" + outputs + "," + inputs + "], stored=["
                    + stored.outputs() + "," + stored.inputs() + "] " + stored.format());
        }
        short[] codes = new short[ROWS * inputs];
        int[] words = new int[3 * inputs / STREAMS];
        for (int panel = from; panel < to; panel++) {
            int first = panel * ROWS;
            int rows = Math.min(ROWS, outputs - first);
            Arrays.fill(codes, rows * inputs, ROWS * inputs, (short) 0);
            long at = stored.rowByteOffset(first);
            MemorySegment.copy(stored.data(), I16, at, codes, 0, rows * inputs);
            encode(codes, panel, rows);
            for (int stream = 0; stream < STREAMS; stream++) {
                interleave(codes, stream, words);
                MemorySegment.copy(words, 0, data, I32, byteOffset(panel, stream), words.length);
            }
        }
    }

    /** Replaces the weights of a panel by their codes; chooses the bases and lists what they do not reach. */
    private void encode(short[] codes, int panel, int rows) {
        long[] others = new long[8];
        int count = 0;
        for (int r = 0; r < rows; r++) {
            int base = base(codes, r * inputs, inputs);
            scales[panel * ROWS + r] = Math.scalb(1f, base);
            for (int i = 0; i < inputs; i++) {
                int bits = codes[r * inputs + i] & 0xffff;
                int code = bits >> 4 & 0x800;
                if (kept(bits, base)) {
                    code |= (bits & 0x7fff) - (base << 7);
                } else if ((bits & 0x7fff) != 0) {
                    code = 0;
                    if (count == others.length) {
                        others = Arrays.copyOf(others, 2 * count);
                    }
                    others[count++] = (long) r << 47 | (long) i << 16 | bits;
                }
                codes[r * inputs + i] = (short) code;
            }
        }
        listed[panel] = count == 0 ? null : Arrays.copyOf(others, count);
    }

    /** One less than the least of the 15 adjacent exponents that most weights of a row have. */
    private static int base(short[] bits, int row, int inputs) {
        // Two histograms by turns: adding to the count just written would wait for it.
        int[] even = new int[256];
        int[] odd = new int[256];
        for (int i = row; i + 1 < row + inputs; i += 2) {
            even[bits[i] >> 7 & 0xff]++;
            odd[bits[i + 1] >> 7 & 0xff]++;
        }
        int within = 0;
        int most = 0;
        int best = 0;
        for (int top = 1; top <= MAX_BASE + EXPONENTS; top++) {
            int gone = Math.max(top - EXPONENTS, 0);
            within += even[top] + odd[top] - (gone > 0 ? even[gone] + odd[gone] : 0);
            if (within > most && top >= EXPONENTS) {
                most = within;
                best = gone;
            }
        }
        return best;
    }

    /** The words of a stream's part of a panel. */
    private void interleave(short[] codes, int stream, int[] words) {
        int out = 0;
        for (int group = stream; group < inputs / lanes; group += STREAMS, out += 3 * lanes) {
            for (int lane = 0; lane < lanes; lane++) {
                int i = group / 2 * (2 * lanes) + 2 * lane + group % 2;
                int w2 = codes[i + 6 * inputs] << 20
                        | (codes[i + 2 * inputs] & 0xf) << 16
                        | codes[i + 7 * inputs] << 4
                        | (codes[i + 5 * inputs] & 0xf);
                words[out + lane] = codes[i] << 20 | codes[i + inputs] << 8 | upper(codes[i + 2 * inputs], w2);
                words[out + lanes + lane] = codes[i + 3 * inputs] << 20
                        | codes[i + 4 * inputs] << 8
                        | upper(codes[i + 5 * inputs], w2 << 16);
                words[out + 2 * lanes + lane] = w2;
            }
        }
    }

    /** The upper bits of a code whose lower bits are given by an exclusive or with {@code other}. */
    private static int upper(int code, int other) {
        int around = (other >> 20 & 0x7f) | (other >>> 24 & 0x80);
        return (code >> 4 & 0xff) ^ around;
    }

    /** Bytes before the part of a panel that lies in a stream. */
    private long byteOffset(int panel, int stream) {
        return ((long) stream * panels() + panel) * (inputs / STREAMS * 12L);
    }

    /** The panels from {@code panel} on, in all streams. */
    MemorySegment data(int panel) {
        return data.asSlice(byteOffset(panel, 0));
    }

    /** Bytes from one stream to the next. */
    long streamBytes() {
        return byteOffset(0, 1);
    }

    /** What the float of a code of row n is multiplied with. */
    float scale(int n) {
        return scales[n];
    }

    /** Listed weights of a panel, by row and input, or null. */
    long @Nullable [] listed(int panel) {
        return listed[panel];
    }

    /** Row within its panel of a listed weight. */
    static int row(long listed) {
        return (int) (listed >>> 47);
    }

    /** Input of a listed weight. */
    static int input(long listed) {
        return (int) (listed >>> 16) & Integer.MAX_VALUE;
    }

    /** A listed weight. */
    static float value(long listed) {
        return Float.intBitsToFloat((int) listed << 16);
    }

    /** W[n,i] in float32. */
    float weight(int n, int i) {
        int panel = n / ROWS;
        int row = n % ROWS;
        long[] others = listed[panel];
        if (others != null) {
            for (long other : others) {
                if (row(other) == row && input(other) == i) {
                    return value(other);
                }
            }
        }
        int group = i / (2 * lanes) * 2 + i % 2;
        long at = byteOffset(panel, group % STREAMS) + (group / STREAMS * 3L * lanes + i % (2 * lanes) / 2) * 4;
        int w2 = data.get(I32, at + 8L * lanes);
        int w = data.get(I32, at + word(row) * 4L * lanes);
        int bits = (w << shift(row) >> 4) ^ (w2 << lowerShift(row) & lowerMask(row));
        return Float.intBitsToFloat(bits & MASK) * scale(n);
    }

    /** Word of a panel's row that holds its code, or the upper bits of it. */
    static int word(int row) {
        return row / 3;
    }

    /** By how much that word is shifted up. */
    static int shift(int row) {
        return row == 7 ? 16 : row % 3 * 12;
    }

    /** By how much w2 is shifted up for the lower bits. */
    static int lowerShift(int row) {
        return row == 5 ? 16 : 0;
    }

    /** All ones if the lower bits lie in w2, else zero. */
    static int lowerMask(int row) {
        return row == 2 || row == 5 ? -1 : 0;
    }
}
