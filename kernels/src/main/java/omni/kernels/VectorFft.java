package omni.kernels;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * One frame per lane: element i of a block is a vector of the i-th samples of LANES frames, so every length works without shuffles
 * and the result of a frame does not depend on its neighbours. Stockham stages of radix 4, 2 and any odd prime (for 400 samples:
 * 4, 2, 5, 5).
 */
final class VectorFft implements FftKernel {
    private static final VectorSpecies<Float> F32 = Vectors.F32;
    private static final int LANES = Vectors.LANES;

    /** Complex values of a block in two buffers between which the stages alternate, and the tables as floats. */
    private static final class Block {
        final FftPlan plan;
        final int half;
        final float[] cos;
        final float[] sin;
        float[] re;
        float[] im;
        float[] nextRe;
        float[] nextIm;

        Block(FftPlan plan) {
            this.plan = plan;
            this.half = plan.length() / 2;
            int n = plan.length();
            cos = new float[n];
            sin = new float[n];
            for (int i = 0; i < n; i++) {
                cos[i] = (float) plan.cos[i];
                sin[i] = (float) plan.sin[i];
            }
            // One element more: the separation step reads element `half`, which is element 0 again.
            re = new float[(half + 1) * LANES];
            im = new float[(half + 1) * LANES];
            nextRe = new float[(half + 1) * LANES];
            nextIm = new float[(half + 1) * LANES];
        }

        void swap() {
            float[] r = re;
            re = nextRe;
            nextRe = r;
            float[] i = im;
            im = nextIm;
            nextIm = i;
        }
    }

    @Override
    public void forward(
            FftPlan plan,
            MemorySegment x,
            long xOffset,
            int xStride,
            MemorySegment window,
            long windowOffset,
            MemorySegment y,
            long yOffset,
            int yStride,
            int frames) {
        Block block = new Block(plan);
        float[] w = copy(window, windowOffset, plan.length());
        float[] frame = new float[plan.length()];
        for (int f = 0; f < frames; f += LANES) {
            int lanes = Math.min(LANES, frames - f);
            load(x, xOffset + (long) f * xStride, xStride, w, frame, block, lanes);
            transform(block);
            for (int k = 0; k < plan.bins(); k++) {
                separate(block, k);
                for (int lane = 0; lane < lanes; lane++) {
                    long at = yOffset + (long) (f + lane) * yStride + 2L * k;
                    Floats.set(y, at, block.nextRe[lane]);
                    Floats.set(y, at + 1, block.nextIm[lane]);
                }
            }
        }
    }

    @Override
    public void power(
            FftPlan plan,
            MemorySegment x,
            long xOffset,
            int xStride,
            MemorySegment window,
            long windowOffset,
            MemorySegment y,
            long yOffset,
            int yStride,
            int frames) {
        Block block = new Block(plan);
        float[] w = copy(window, windowOffset, plan.length());
        float[] frame = new float[plan.length()];
        for (int f = 0; f < frames; f += LANES) {
            int lanes = Math.min(LANES, frames - f);
            load(x, xOffset + (long) f * xStride, xStride, w, frame, block, lanes);
            transform(block);
            for (int k = 0; k < plan.bins(); k++) {
                separate(block, k);
                FloatVector re = FloatVector.fromArray(F32, block.nextRe, 0);
                FloatVector im = FloatVector.fromArray(F32, block.nextIm, 0);
                re.mul(re).add(im.mul(im)).intoArray(block.nextRe, 0);
                MemorySegment.copy(
                        block.nextRe, 0, y, Floats.LAYOUT, (yOffset + (long) k * yStride + f) * Float.BYTES, lanes);
            }
        }
    }

    private static float[] copy(MemorySegment x, long offset, int n) {
        float[] out = new float[n];
        MemorySegment.copy(x, Floats.LAYOUT, offset * Float.BYTES, out, 0, n);
        return out;
    }

    /** Even samples become real parts, odd ones imaginary parts; lanes without a frame become silence. */
    private static void load(
            MemorySegment x, long xOffset, int xStride, float[] window, float[] frame, Block block, int lanes) {
        int half = block.half;
        for (int lane = 0; lane < LANES; lane++) {
            if (lane < lanes) {
                MemorySegment.copy(
                        x, Floats.LAYOUT, (xOffset + (long) lane * xStride) * Float.BYTES, frame, 0, frame.length);
            } else {
                java.util.Arrays.fill(frame, 0);
            }
            for (int i = 0; i < half; i++) {
                block.re[i * LANES + lane] = frame[2 * i] * window[2 * i];
                block.im[i * LANES + lane] = frame[2 * i + 1] * window[2 * i + 1];
            }
        }
    }

    private static void transform(Block b) {
        int n = b.half;
        int stride = 1;
        for (int radix : b.plan.factors) {
            int m = n / radix;
            // exp(-2 pi j p / n) is entry p * turn of the tables, which have 2 * half entries for a full turn.
            int turn = 2 * b.half / n;
            if (radix == 4) {
                radix4(b, m, stride, turn);
            } else if (radix == 2) {
                radix2(b, m, stride, turn);
            } else {
                for (int p = 0; p < m; p++) {
                    for (int q = 0; q < stride; q++) {
                        oddRadix(b, radix, m, stride, turn, p, q);
                    }
                }
            }
            b.swap();
            n = m;
            stride *= radix;
        }
        System.arraycopy(b.re, 0, b.re, b.half * LANES, LANES);
        System.arraycopy(b.im, 0, b.im, b.half * LANES, LANES);
    }

    private static void radix2(Block b, int m, int stride, int turn) {
        float[] xr = b.re;
        float[] xi = b.im;
        float[] yr = b.nextRe;
        float[] yi = b.nextIm;
        int far = stride * m * LANES;
        for (int p = 0; p < m; p++) {
            float c = b.cos[p * turn];
            float s = b.sin[p * turn];
            for (int q = 0; q < stride; q++) {
                int in = (q + stride * p) * LANES;
                int out = (q + stride * 2 * p) * LANES;
                FloatVector ar = FloatVector.fromArray(F32, xr, in);
                FloatVector ai = FloatVector.fromArray(F32, xi, in);
                FloatVector br = FloatVector.fromArray(F32, xr, in + far);
                FloatVector bi = FloatVector.fromArray(F32, xi, in + far);
                ar.add(br).intoArray(yr, out);
                ai.add(bi).intoArray(yi, out);
                turned(ar.sub(br), ai.sub(bi), c, s, yr, yi, out + stride * LANES);
            }
        }
    }

    private static void radix4(Block b, int m, int stride, int turn) {
        float[] xr = b.re;
        float[] xi = b.im;
        float[] yr = b.nextRe;
        float[] yi = b.nextIm;
        int far = stride * m * LANES;
        int step = stride * LANES;
        for (int p = 0; p < m; p++) {
            for (int q = 0; q < stride; q++) {
                int in = (q + stride * p) * LANES;
                int out = (q + stride * 4 * p) * LANES;
                FloatVector r0 = FloatVector.fromArray(F32, xr, in);
                FloatVector i0 = FloatVector.fromArray(F32, xi, in);
                FloatVector r1 = FloatVector.fromArray(F32, xr, in + far);
                FloatVector i1 = FloatVector.fromArray(F32, xi, in + far);
                FloatVector r2 = FloatVector.fromArray(F32, xr, in + 2 * far);
                FloatVector i2 = FloatVector.fromArray(F32, xi, in + 2 * far);
                FloatVector r3 = FloatVector.fromArray(F32, xr, in + 3 * far);
                FloatVector i3 = FloatVector.fromArray(F32, xi, in + 3 * far);
                FloatVector sr = r0.add(r2);
                FloatVector si = i0.add(i2);
                FloatVector dr = r0.sub(r2);
                FloatVector di = i0.sub(i2);
                FloatVector tr = r1.add(r3);
                FloatVector ti = i1.add(i3);
                FloatVector er = r1.sub(r3);
                FloatVector ei = i1.sub(i3);
                sr.add(tr).intoArray(yr, out);
                si.add(ti).intoArray(yi, out);
                int t = p * turn;
                // Output 1 takes d - j e, output 3 takes d + j e.
                turned(dr.add(ei), di.sub(er), b.cos[t], b.sin[t], yr, yi, out + step);
                turned(sr.sub(tr), si.sub(ti), b.cos[2 * t], b.sin[2 * t], yr, yi, out + 2 * step);
                turned(dr.sub(ei), di.add(er), b.cos[3 * t], b.sin[3 * t], yr, yi, out + 3 * step);
            }
        }
    }

    /**
     * Outputs k and r - k of an odd radix share their sums: with s_j = a_j + a_{r-j} and d_j = a_j - a_{r-j} they are
     * a_0 + sum of s_j cos(2 pi j k / r), less or plus the imaginary unit times the sum of d_j sin(2 pi j k / r).
     */
    private static void oddRadix(Block b, int radix, int m, int stride, int turn, int p, int q) {
        float[] xr = b.re;
        float[] xi = b.im;
        int full = 2 * b.half;
        int unit = full / radix;
        int far = stride * m * LANES;
        int in = (q + stride * p) * LANES;
        int out = (q + stride * radix * p) * LANES;
        FloatVector r0 = FloatVector.fromArray(F32, xr, in);
        FloatVector i0 = FloatVector.fromArray(F32, xi, in);
        FloatVector sumR = r0;
        FloatVector sumI = i0;
        for (int j = 1; j < radix; j++) {
            sumR = sumR.add(FloatVector.fromArray(F32, xr, in + j * far));
            sumI = sumI.add(FloatVector.fromArray(F32, xi, in + j * far));
        }
        sumR.intoArray(b.nextRe, out);
        sumI.intoArray(b.nextIm, out);
        for (int k = 1; k <= radix / 2; k++) {
            FloatVector evenR = r0;
            FloatVector evenI = i0;
            FloatVector oddR = FloatVector.zero(F32);
            FloatVector oddI = FloatVector.zero(F32);
            for (int j = 1; j <= radix / 2; j++) {
                int angle = j * k % radix * unit;
                FloatVector c = FloatVector.broadcast(F32, b.cos[angle]);
                FloatVector s = FloatVector.broadcast(F32, b.sin[angle]);
                FloatVector ar = FloatVector.fromArray(F32, xr, in + j * far);
                FloatVector ai = FloatVector.fromArray(F32, xi, in + j * far);
                FloatVector br = FloatVector.fromArray(F32, xr, in + (radix - j) * far);
                FloatVector bi = FloatVector.fromArray(F32, xi, in + (radix - j) * far);
                evenR = ar.add(br).fma(c, evenR);
                evenI = ai.add(bi).fma(c, evenI);
                oddR = ar.sub(br).fma(s, oddR);
                oddI = ai.sub(bi).fma(s, oddI);
            }
            int t = p * turn * k;
            int u = p * turn * (radix - k);
            turned(evenR.add(oddI), evenI.sub(oddR), b.cos[t], b.sin[t], b.nextRe, b.nextIm, out + k * stride * LANES);
            turned(
                    evenR.sub(oddI),
                    evenI.add(oddR),
                    b.cos[u],
                    b.sin[u],
                    b.nextRe,
                    b.nextIm,
                    out + (radix - k) * stride * LANES);
        }
    }

    /** Stores (re + j im) (cos - j sin). */
    private static void turned(FloatVector re, FloatVector im, float cos, float sin, float[] yr, float[] yi, int at) {
        FloatVector c = FloatVector.broadcast(F32, cos);
        FloatVector s = FloatVector.broadcast(F32, sin);
        im.fma(s, re.mul(c)).intoArray(yr, at);
        im.mul(c).sub(re.mul(s)).intoArray(yi, at);
    }

    /**
     * Bin k of the real transform into element 0 of the spare buffers: with Z the spectrum of the pairs and N = n/2,
     * X[k] = (Z[k] + conj Z[N-k]) / 2 - j exp(-2 pi j k / n) (Z[k] - conj Z[N-k]) / 2.
     */
    private static void separate(Block b, int k) {
        int at = k * LANES;
        int mirror = (b.half - k) * LANES;
        FloatVector ar = FloatVector.fromArray(F32, b.re, at);
        FloatVector ai = FloatVector.fromArray(F32, b.im, at);
        FloatVector br = FloatVector.fromArray(F32, b.re, mirror);
        FloatVector bi = FloatVector.fromArray(F32, b.im, mirror);
        FloatVector evenR = ar.add(br);
        FloatVector evenI = ai.sub(bi);
        // The odd samples' spectrum, times -j.
        FloatVector oddR = ai.add(bi);
        FloatVector oddI = br.sub(ar);
        FloatVector c = FloatVector.broadcast(F32, b.cos[k]);
        FloatVector s = FloatVector.broadcast(F32, b.sin[k]);
        oddR.mul(c).add(oddI.mul(s)).add(evenR).mul(0.5f).intoArray(b.nextRe, 0);
        oddI.mul(c).sub(oddR.mul(s)).add(evenI).mul(0.5f).intoArray(b.nextIm, 0);
    }
}
