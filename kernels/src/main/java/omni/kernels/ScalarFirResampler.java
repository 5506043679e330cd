package omni.kernels;

import java.lang.foreign.MemorySegment;

/** The definition, summed in double. */
final class ScalarFirResampler implements FirResamplerKernel {
    @Override
    public void polyphase(
            MemorySegment x,
            long xOffset,
            MemorySegment filter,
            long filterOffset,
            int taps,
            int phases,
            int up,
            int down,
            long first,
            MemorySegment y,
            long yOffset,
            int n) {
        for (int j = 0; j < n; j++) {
            long time = first + (long) j * down;
            long start = xOffset + time / up;
            long part = time % up * phases;
            long row = filterOffset + part / up * taps;
            double between = (double) (part % up) / up;
            double sum = dot(x, start, filter, row, taps);
            if (between > 0) {
                sum += between * (dot(x, start, filter, row + taps, taps) - sum);
            }
            Floats.set(y, yOffset + j, (float) sum);
        }
    }

    private static double dot(MemorySegment x, long xOffset, MemorySegment h, long hOffset, int taps) {
        double sum = 0;
        for (int k = 0; k < taps; k++) {
            sum += (double) Floats.get(x, xOffset + k) * Floats.get(h, hOffset + k);
        }
        return sum;
    }
}
