package omni.kernels;

import java.lang.foreign.MemorySegment;

/** The definition, with the softmax computed online: y is kept multiplied by the sum so far. */
final class ScalarAttention implements AttentionKernel {
    @Override
    public void reserve(Attention.Scratch scratch, int queries, int headDim) {
        // Needs none.
    }

    @Override
    public long scratchFloats(int queries, int headDim) {
        return 0;
    }

    @Override
    public int blockRows(int group) {
        return 1;
    }

    @Override
    public int segmentRows() {
        return 1;
    }

    @Override
    public void block(
            MemorySegment q,
            long qOffset,
            int qStride,
            MemorySegment[] keyPages,
            long kOffset,
            int kStride,
            MemorySegment[] valuePages,
            long vOffset,
            int vStride,
            int pagePositions,
            int rows,
            int group,
            int headDim,
            float scale,
            int from,
            int to,
            int toStep,
            MemorySegment y,
            long yOffset,
            int yStride,
            Attention.Scratch scratch) {
        for (int r = 0; r < rows; r++) {
            for (int h = 0; h < group; h++) {
                long query = qOffset + (long) r * qStride + (long) h * headDim;
                long out = yOffset + (long) r * yStride + (long) h * headDim;
                float max = Float.NEGATIVE_INFINITY;
                double sum = 0;
                for (int d = 0; d < headDim; d++) {
                    Floats.set(y, out + d, 0);
                }
                for (int s = from; s < to + r * toStep; s++) {
                    MemorySegment keys = keyPages[s / pagePositions];
                    MemorySegment values = valuePages[s / pagePositions];
                    long key = kOffset + (long) (s % pagePositions) * kStride;
                    long value = vOffset + (long) (s % pagePositions) * vStride;
                    float score = scale * dot(q, query, keys, key, headDim);
                    float newMax = Math.max(max, score);
                    float keep = max == newMax ? 1 : (float) Math.exp(max - newMax);
                    float p = (float) Math.exp(score - newMax);
                    sum = sum * keep + p;
                    max = newMax;
                    for (int d = 0; d < headDim; d++) {
                        Floats.set(y, out + d, Floats.get(y, out + d) * keep + p * Floats.get(values, value + d));
                    }
                }
                for (int d = 0; d < headDim; d++) {
                    Floats.set(y, out + d, (float) (Floats.get(y, out + d) / sum));
                }
            }
        }
    }

    private static float dot(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += (double) Floats.get(a, aOffset + i) * Floats.get(b, bOffset + i);
        }
        return (float) sum;
    }
}
