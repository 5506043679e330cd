package omni.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector shapes of this process, as constants that C2 folds. Only vector kernels touch this class: it needs the module
 * jdk.incubator.vector. Where the scalar kernels are in use, the width is the machine's own, for tests of one against the other.
 */
final class Vectors {
    /** Width in bits: 128, 256 or 512. */
    static final int BITS =
            KernelProvider.vectorBits() != 0 ? KernelProvider.vectorBits() : Math.clamp(Machine.bits(), 128, 512);

    static final VectorSpecies<Float> F32 = VectorSpecies.of(float.class, VectorShape.forBitSize(BITS));
    static final VectorSpecies<Integer> I32 = VectorSpecies.of(int.class, VectorShape.forBitSize(BITS));

    /** As many 16-bit lanes as {@link #F32} has 32-bit lanes. */
    static final VectorSpecies<Short> I16_HALF = VectorSpecies.of(short.class, VectorShape.forBitSize(BITS / 2));

    /** Of two vectors, one after the other: the elements of even and of odd index. */
    static final VectorShuffle<Float> EVEN = VectorShuffle.makeUnzip(F32, 0);

    static final VectorShuffle<Float> ODD = VectorShuffle.makeUnzip(F32, 1);

    /** Elements of two vectors by turns: the first half of them and the second. */
    static final VectorShuffle<Float> FIRST = VectorShuffle.makeZip(F32, 0);

    static final VectorShuffle<Float> SECOND = VectorShuffle.makeZip(F32, 1);

    /** Floats in a vector. */
    static final int LANES = F32.length();

    /** Vector registers: x86 without AVX-512 has 16, everything else that the kernels run on 32. */
    static final int REGISTERS = registers(System.getProperty("os.arch", ""), Machine.bits());

    private static final VectorShuffle<Float> BY_8 = rotation(8);
    private static final VectorShuffle<Float> BY_4 = rotation(4);
    private static final VectorShuffle<Float> BY_2 = rotation(2);
    private static final VectorShuffle<Float> BY_1 = rotation(1);

    private Vectors() {}

    private static VectorShuffle<Float> rotation(int lanes) {
        return VectorShuffle.iota(F32, lanes % LANES, 1, true);
    }

    /**
     * Sum of the lanes, halves first. {@code reduceLanes(ADD)} adds in one order while interpreted and in another once compiled, so
     * that a result would change while a program runs.
     */
    static float sum(FloatVector v) {
        FloatVector x = v;
        if (LANES == 16) {
            x = x.add(x.rearrange(BY_8));
        }
        if (LANES >= 8) {
            x = x.add(x.rearrange(BY_4));
        }
        x = x.add(x.rearrange(BY_2));
        return x.add(x.rearrange(BY_1)).lane(0);
    }

    /** In a class of its own: the choice of kernels asks for it before the constants above are set. */
    static final class Machine {
        private Machine() {}

        /** Width in bits of the machine's preferred vectors. */
        static int bits() {
            return VectorShape.preferredShape().vectorBitSize();
        }
    }

    /** Number of vector registers of a machine. */
    static int registers(String arch, int preferredBits) {
        boolean x86 = arch.equals("amd64") || arch.equals("x86_64");
        return x86 && preferredBits < 512 ? 16 : 32;
    }
}
