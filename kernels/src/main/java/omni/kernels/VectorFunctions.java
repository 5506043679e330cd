package omni.kernels;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Loads, stores and elementary functions of one vector, inlined into the kernels' loops. The functions reduce their argument in two or
 * three steps with fused multiply-adds (Cody and Waite 1980) and evaluate a polynomial that is minimax for the relative error
 * on the reduced range, coefficients rounded to float32 one after the other with the rest fitted again.
 *
 * <p>They are not the JDK's {@code lanewise(EXP)}: that one calls a native library, and gives other bits on other machines.
 */
final class VectorFunctions {
    /** 1.5 * 2^23: adding it rounds a float below 2^22 to an integer, which then stands in the low bits of the sum. */
    static final float ROUND = 0x1.8p23f;

    private static final int ROUND_BITS = Float.floatToRawIntBits(ROUND);

    /** Bits of 1, which is 2^0. */
    static final int ONE = 127 << 23;

    static final float LOG2_E = 1.442695f;
    static final float LN2_HIGH = 0x1.62e43p-1f;
    static final float LN2_LOW = -0x1.05c61p-29f;
    /** Beyond these exp is infinite or zero, and the exponent arithmetic would overflow. */
    private static final float EXP_MAX = 89;

    private static final float EXP_MIN = -104.5f;

    /** Below this exp is denormal. */
    static final float EXP_DENORMAL = -87.3f;

    /** Coefficients of r^2 to r^6 of exp(r). */
    static final float EXP_1 = 0x1.fffffcp-2f;

    static final float EXP_2 = 0x1.555492p-3f;
    static final float EXP_3 = 0x1.5558b6p-5f;
    static final float EXP_4 = 0x1.1239a2p-7f;
    static final float EXP_5 = 0x1.6a4748p-10f;

    private static final float INVERSE_PI = 0.31830987f;
    private static final float PI_HIGH = 0x1.921fb6p1f;
    private static final float PI_MIDDLE = -0x1.777a5cp-24f;
    private static final float PI_LOW = -0x1.ee59dap-49f;
    /** Largest argument whose multiple of pi is subtracted accurately; larger ones go to {@link Math}. */
    static final float TRIGONOMETRIC_MAX = 131072;

    private static final float SQRT_HALF_VALUE = 0.70710677f;

    /** Bits of the square root of 1/2. */
    private static final int SQRT_HALF = Float.floatToRawIntBits(SQRT_HALF_VALUE);

    private static final float SQRT_2_OVER_PI = 0.7978846f;

    private static final int SIGN = 0x80000000;

    private VectorFunctions() {}

    static FloatVector load(MemorySegment x, long index) {
        return FloatVector.fromMemorySegment(Vectors.F32, x, index << 2, LITTLE_ENDIAN);
    }

    static FloatVector load(MemorySegment x, long index, VectorMask<Float> mask) {
        return FloatVector.fromMemorySegment(Vectors.F32, x, index << 2, LITTLE_ENDIAN, mask);
    }

    static void store(FloatVector v, MemorySegment y, long index) {
        v.intoMemorySegment(y, index << 2, LITTLE_ENDIAN);
    }

    static void store(FloatVector v, MemorySegment y, long index, VectorMask<Float> mask) {
        v.intoMemorySegment(y, index << 2, LITTLE_ENDIAN, mask);
    }

    /** The first {@code n} lanes, n at most {@link Vectors#LANES}. */
    static VectorMask<Float> first(int n) {
        return Vectors.F32.indexInRange(0, n);
    }

    /** exp(x), denormal results included. Accuracy: {@link VectorMath#exp}. */
    static FloatVector exp(FloatVector x) {
        // A NaN compares false and stays.
        x = x.blend(EXP_MAX, x.compare(VectorOperators.GT, EXP_MAX));
        x = x.blend(EXP_MIN, x.compare(VectorOperators.LT, EXP_MIN));
        FloatVector rounded = x.fma(LOG2_E, ROUND);
        FloatVector p = expReduced(x, rounded);
        // 2^k as a product of two halves, since k reaches -151 and 128. The shifts leave k's bits of the sum and none
        // of ROUND's.
        IntVector bits = rounded.reinterpretAsInts();
        IntVector half = bits.lanewise(VectorOperators.ASHR, 1);
        IntVector rest = bits.sub(half);
        p = p.mul(half.lanewise(VectorOperators.LSHL, 23).add(ONE).reinterpretAsFloats());
        return p.mul(rest.lanewise(VectorOperators.LSHL, 23).add(ONE).reinterpretAsFloats());
    }

    /** exp(r) for {@code r = x - (rounded - ROUND) ln(2)}: {@code 1 + (r + r^2 q(r))}; the polynomial alone is exact to 3.2e-9. */
    private static FloatVector expReduced(FloatVector x, FloatVector rounded) {
        FloatVector k = rounded.sub(ROUND);
        FloatVector r = k.fma(splat(-LN2_LOW), k.fma(splat(-LN2_HIGH), x));
        FloatVector q =
                r.fma(EXP_5, EXP_4).fma(r, splat(EXP_3)).fma(r, splat(EXP_2)).fma(r, splat(EXP_1));
        return q.fma(r.mul(r), r).add(1);
    }

    private static FloatVector splat(float x) {
        return FloatVector.broadcast(Vectors.F32, x);
    }

    /** log(x), natural. Accuracy: {@link VectorMath#log}. */
    static FloatVector log(FloatVector x) {
        // Denormals are brought to where the exponent field counts.
        VectorMask<Float> denormal = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
        FloatVector scaled = x.blend(x.mul(0x1p23f), denormal);
        // x = 2^k (1 + f) with 1 + f from sqrt(1/2) to sqrt(2).
        IntVector bits = scaled.reinterpretAsInts();
        IntVector exponent = bits.sub(SQRT_HALF).lanewise(VectorOperators.ASHR, 23);
        FloatVector f = bits.sub(exponent.lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats()
                .sub(1);
        // The integer k as a float by the sum that holds it in its low bits.
        FloatVector k = exponent.add(ROUND_BITS).reinterpretAsFloats().sub(ROUND);
        k = k.blend(k.sub(23), denormal);
        FloatVector q = f.fma(-0.07636439f, 0.12762217f)
                .fma(f, splat(-0.1315961f))
                .fma(f, splat(0.1420158f))
                .fma(f, splat(-0.16623409f))
                .fma(f, splat(0.20001242f))
                .fma(f, splat(-0.2500082f))
                .fma(f, splat(0.3333333f));
        FloatVector z = f.mul(f);
        FloatVector tail = q.mul(f).fma(z, k.mul(LN2_LOW)).add(z.mul(-0.5f));
        FloatVector y = k.fma(splat(LN2_HIGH), tail.add(f));
        y = y.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0));
        y = y.blend(Float.NaN, x.compare(VectorOperators.LT, 0));
        // Infinity and NaN stay what they are.
        return y.blend(x, x.compare(VectorOperators.LT, Float.POSITIVE_INFINITY).not());
    }

    /** tanh(x): {@code x + x^3 q(x^2)} up to 0.625, then {@code 1 - 2 / (exp(2x) + 1)}. Accuracy: {@link VectorMath#tanh}. */
    static FloatVector tanh(FloatVector x) {
        // The sign is taken off and put back, which keeps -0.
        IntVector sign = x.reinterpretAsInts().and(SIGN);
        FloatVector magnitude = x.abs();
        FloatVector z = x.mul(x);
        FloatVector q = z.fma(-0.005663615f, 0.020603238f)
                .fma(z, splat(-0.05372913f))
                .fma(z, splat(0.13331321f))
                .fma(z, splat(-0.33333278f));
        FloatVector near = q.fma(z.mul(magnitude), magnitude);
        FloatVector far =
                splat(1).sub(splat(2).div(exp(magnitude.add(magnitude)).add(1)));
        FloatVector y = far.blend(near, magnitude.compare(VectorOperators.LT, 0.625f));
        return y.reinterpretAsInts().or(sign).reinterpretAsFloats();
    }

    /** 1 / (1 + exp(-x)). */
    static FloatVector sigmoid(FloatVector x) {
        return splat(1).div(exp(x.neg()).add(1));
    }

    /**
     * {@code x Phi(x)} with the normal distribution's Phi: half of {@code erfc(u) = exp(-u^2) t p(t)}, {@code t = 1 / (1 + 0.3 u)},
     * {@code u = |x| / sqrt(2)}, or its complement for positive x. The polynomial alone is exact to 2.4e-8. Accuracy:
     * {@link Activation#gelu}.
     */
    static FloatVector gelu(FloatVector x) {
        FloatVector t = splat(1).div(x.abs().fma(0.3f * SQRT_HALF_VALUE, 1));
        FloatVector p = t.fma(-0.12940668f, 0.48495236f)
                .fma(t, splat(-0.51090163f))
                .fma(t, splat(0.54598546f))
                .fma(t, splat(-0.093315765f))
                .fma(t, splat(0.21428451f))
                .fma(t, splat(0.1485269f))
                .fma(t, splat(0.1706847f))
                .fma(t, splat(0.16919012f));
        FloatVector half = p.mul(t).mul(0.5f).mul(exp(x.mul(x).mul(-0.5f)));
        FloatVector phi = splat(1).sub(half).blend(half, x.compare(VectorOperators.LT, 0));
        return x.mul(phi);
    }

    /** {@code x / (1 + exp(-2u))}, {@code u = sqrt(2 / pi) (x + 0.044715 x^3)}, which is {@code x (1 + tanh(u)) / 2}. */
    static FloatVector geluTanh(FloatVector x) {
        FloatVector cubic = x.mul(x).fma(-2 * SQRT_2_OVER_PI * 0.044715f, -2 * SQRT_2_OVER_PI);
        return x.div(exp(cubic.mul(x)).add(1));
    }

    /** sin(x). Accuracy: {@link VectorMath#sin}. */
    static FloatVector sin(FloatVector x) {
        VectorMask<Float> far = x.abs().compare(VectorOperators.GT, TRIGONOMETRIC_MAX);
        return far.anyTrue() ? sinFar(x) : sinNear(x);
    }

    /** cos(x). Accuracy: {@link VectorMath#cos}. */
    static FloatVector cos(FloatVector x) {
        VectorMask<Float> far = x.abs().compare(VectorOperators.GT, TRIGONOMETRIC_MAX);
        return far.anyTrue() ? cosFar(x) : cosNear(x);
    }

    /** sin(x) for |x| at most {@link #TRIGONOMETRIC_MAX}. */
    static FloatVector sinNear(FloatVector x) {
        // The sign is taken off and put back, which keeps -0.
        IntVector sign = x.reinterpretAsInts().and(SIGN);
        FloatVector magnitude = x.abs();
        FloatVector rounded = magnitude.fma(splat(INVERSE_PI), splat(ROUND));
        FloatVector k = rounded.sub(ROUND);
        IntVector odd = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 31);
        return sinReduced(subtractPi(k, magnitude))
                .reinterpretAsInts()
                .lanewise(VectorOperators.XOR, odd.lanewise(VectorOperators.XOR, sign))
                .reinterpretAsFloats();
    }

    /** cos(x) for |x| at most {@link #TRIGONOMETRIC_MAX}: x = r + (n + 1/2) pi gives -sin(r) for even n, sin(r) for odd n. */
    static FloatVector cosNear(FloatVector x) {
        FloatVector rounded = x.fma(INVERSE_PI, -0.5f).add(ROUND);
        FloatVector k = rounded.sub(ROUND).add(0.5f);
        IntVector even =
                rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 31).lanewise(VectorOperators.XOR, SIGN);
        return sinReduced(subtractPi(k, x))
                .reinterpretAsInts()
                .lanewise(VectorOperators.XOR, even)
                .reinterpretAsFloats();
    }

    private static FloatVector subtractPi(FloatVector k, FloatVector x) {
        return k.fma(splat(-PI_LOW), k.fma(splat(-PI_MIDDLE), k.fma(splat(-PI_HIGH), x)));
    }

    /** sin(r) for |r| at most pi / 2: {@code r + r^3 q(r^2)}; the polynomial alone is exact to 6.3e-9. */
    private static FloatVector sinReduced(FloatVector r) {
        FloatVector z = r.mul(r);
        FloatVector q = z.fma(2.6060818e-06f, -0.00019809774f)
                .fma(z, splat(0.008333069f))
                .fma(z, splat(-0.1666666f));
        return q.fma(z.mul(r), r);
    }

    /** sin^2(x) for |x| at most {@link #TRIGONOMETRIC_MAX}; the sign that {@link #sinNear} puts right does not matter here. */
    static FloatVector sinSquaredNear(FloatVector x) {
        FloatVector k = x.fma(splat(INVERSE_PI), splat(ROUND)).sub(ROUND);
        FloatVector sine = sinReduced(subtractPi(k, x));
        return sine.mul(sine);
    }

    /** sin^2(x) for any x, lane by lane the same as {@link #sinSquaredNear} where that holds. */
    static FloatVector sinSquaredFar(FloatVector x) {
        FloatVector y = sinSquaredNear(x);
        for (int i = 0; i < Vectors.LANES; i++) {
            float v = x.lane(i);
            if (!(Math.abs(v) <= TRIGONOMETRIC_MAX)) {
                float sine = (float) Math.sin(v);
                y = y.withLane(i, sine * sine);
            }
        }
        return y;
    }

    private static FloatVector sinFar(FloatVector x) {
        FloatVector near = sinNear(x);
        for (int i = 0; i < Vectors.LANES; i++) {
            float v = x.lane(i);
            if (!(Math.abs(v) <= TRIGONOMETRIC_MAX)) {
                near = near.withLane(i, (float) Math.sin(v));
            }
        }
        return near;
    }

    private static FloatVector cosFar(FloatVector x) {
        FloatVector near = cosNear(x);
        for (int i = 0; i < Vectors.LANES; i++) {
            float v = x.lane(i);
            if (!(Math.abs(v) <= TRIGONOMETRIC_MAX)) {
                near = near.withLane(i, (float) Math.cos(v));
            }
        }
        return near;
    }
}
